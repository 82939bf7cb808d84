//! Tests of the write door: all of an act or nothing, refusals, and a full disk.
#![cfg(test)]

use clinic_domain::id::ActionId;
use clinic_domain::identity::policy::Action;
use clinic_domain::time::Instant;
use clinic_wire::Command;
use uuid::Uuid;

use super::door::Act;
use super::open::Store;
use super::record::ChangeSet;
use super::tx::Tx;
use crate::app::Actor;
use crate::audit::view::Op;
use crate::clinic::record::Specialty;
use crate::db::StoreKey;
use crate::db::record::Noun;
use crate::error::{Answer, AppError};
use clinic_domain::id::{AccountId, SessionId, SpecialtyId};
use clinic_domain::identity::policy::Ownership;
use clinic_domain::identity::role::{self, Role};
use serde_json::json;

/// A store, and ids that count up.
struct Door {
    store: Store,
    last_id: std::cell::Cell<u128>,
    _folder: tempfile::TempDir,
}

impl Door {
    fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    fn in_folder(folder: tempfile::TempDir) -> Self {
        let store = Store::open(&folder.path().join("store.db"), &StoreKey::new([7; 32])).unwrap();
        Self { store, last_id: std::cell::Cell::new(0), _folder: folder }
    }

    fn id(&self) -> Uuid {
        self.last_id.set(self.last_id.get() + 1);
        Uuid::from_u128(self.last_id.get())
    }

    fn act(&self, action: Action) -> Act {
        let command = Command::first(self.id(), "specialty.add", &json!({})).unwrap();
        Act { op: Op::EditClinic, action, id: ActionId(self.id()), command, undoable: true }
    }

    fn run<T>(
        &self,
        role: Role,
        act: Act,
        run: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
    ) -> Answer<(T, ChangeSet)> {
        let person = role::Actor { account: AccountId(Uuid::from_u128(1)), role, doctor: None };
        let actor = Actor {
            person,
            session: SessionId(Uuid::from_u128(2)),
            name: "Ada Test".into(),
            public_id: "ADM00000001".into(),
            device: "Desk 1".into(),
        };
        self.store.transact(&actor, Instant::UNIX_EPOCH, act, run)
    }

    fn specialty(&self, name: &str) -> Specialty {
        Specialty { id: SpecialtyId(self.id()), name: name.into() }
    }

    fn add(&self, name: &str) -> Answer<ChangeSet> {
        let specialty = self.specialty(name);
        let added = self.run(Role::Admin, self.act(Action::EditClinic), |tx| tx.put(&specialty))?;
        Ok(added.1)
    }

    /// Rows of every table that an act may write.
    fn rows(&self) -> [u32; 5] {
        ["specialty", "outbox", "undo", "act", "audit"].map(|table| {
            let count = format!("SELECT count(*) FROM {table}");
            self.store.read(|conn| Ok(conn.query_row(&count, [], |row| row.get(0))?)).unwrap()
        })
    }
}

#[test]
fn an_act_writes_its_record_its_command_its_image_and_one_entry() {
    let door = Door::new();
    let changes = door.add("Cardiology").unwrap().changes;
    assert_eq!(changes.iter().map(|change| change.noun).collect::<Vec<_>>(), [Noun::Specialty]);
    assert_eq!(door.rows(), [1; 5]);
}

#[test]
fn an_act_that_changes_nothing_leaves_no_trace() {
    let door = Door::new();
    let changes = door.run(Role::Admin, door.act(Action::EditClinic), |_| Ok(())).unwrap().1;
    assert_eq!((changes.changes.len(), door.rows()), (0, [0; 5]));
}

#[test]
fn a_role_that_may_never_do_it_does_not_get_as_far_as_the_use_case() {
    let door = Door::new();
    let refused =
        door.run(Role::FrontDesk, door.act(Action::EditClinic), |_| -> Answer<()> { panic!("ran") });
    assert_eq!(refused, Err(AppError::Forbidden));
}

#[test]
fn where_only_own_things_may_be_changed_silence_about_whose_it_is_refuses() {
    let door = Door::new();
    let book = |whose: Option<Ownership>| {
        let specialty = door.specialty("Cardiology");
        door.run(Role::Doctor, door.act(Action::Book), |tx| {
            tx.put(&specialty)?;
            whose.map_or(Ok(()), |whose| tx.owned(whose))
        })
    };
    assert_eq!(book(None), Err(AppError::Forbidden));
    assert_eq!(book(Some(Ownership::Other)), Err(AppError::Forbidden));
    assert_eq!(door.rows(), [0; 5], "what was written before the refusal is gone");
    assert!(book(Some(Ownership::Own)).is_ok());
}

#[test]
fn an_error_or_a_panic_in_the_middle_writes_nothing_and_the_next_act_succeeds() {
    let door = Door::new();
    let specialty = door.specialty("Cardiology");
    let failed = door.run(Role::Admin, door.act(Action::EditClinic), |tx| {
        tx.put(&specialty)?;
        Err::<(), _>(AppError::NotFound)
    });
    assert_eq!(failed, Err(AppError::NotFound));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        door.run(Role::Admin, door.act(Action::EditClinic), |tx| -> Answer<()> {
            tx.put(&specialty)?;
            panic!("a planted fault")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(door.rows(), [0; 5]);
    door.add("Cardiology").unwrap();
    assert_eq!(door.rows(), [1; 5]);
}

#[test]
fn the_same_act_is_never_written_twice() {
    let door = Door::new();
    let id = ActionId(door.id());
    let add = |name: &str| {
        let specialty = door.specialty(name);
        door.run(Role::Admin, Act { id, ..door.act(Action::EditClinic) }, |tx| {
            let earlier = tx.earlier(id)?;
            tx.about(specialty.id.0, name, None);
            tx.put(&specialty)?;
            Ok(earlier)
        })
    };
    assert_eq!(add("Cardiology").unwrap().0, None);
    assert!(matches!(add("Dermatology"), Err(AppError::Internal { .. })), "a use case that does not look");
    assert_eq!(door.rows(), [1; 5]);
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_work_goes_on_once_there_is_room() {
    let door = Door::new();
    let limit = |pages: i64| {
        let set = format!("PRAGMA max_page_count = {pages}");
        door.store.keep(None, |conn| Ok(conn.query_row(&set, [], |row| row.get::<_, i64>(0))?)).unwrap();
    };
    let used =
        door.store.read(|conn| Ok(conn.query_row("PRAGMA page_count", [], |row| row.get(0))?)).unwrap();
    limit(used);
    let mut acknowledged = 0;
    let refused = loop {
        match door.add(&format!("{acknowledged} {}", "x".repeat(500))) {
            Ok(_) => acknowledged += 1,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, AppError::StoreFull);
    assert_eq!(door.rows(), [acknowledged; 5], "all of an act or nothing");
    assert_eq!(door.add(&"y".repeat(5000)).unwrap_err(), AppError::StoreFull, "asked again, the same answer");
    limit(100_000);
    door.add(&"y".repeat(5000)).unwrap();
    assert_eq!(door.rows(), [acknowledged + 1; 5]);
}

#[test]
fn every_hundredth_entry_is_named_outside_the_store() {
    let door = Door::new();
    (0..205).for_each(|n| drop(door.add(&n.to_string()).unwrap()));
    let named: Vec<_> = door.store.checkpoints().heads.iter().map(|head| head.seq).collect();
    assert_eq!(named, [100, 200]);
}
