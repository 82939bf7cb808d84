//! The record of what the clinic decided about security, and where it is kept. One row for each clinic.

use clinic_domain::directory::name::surname_initial;
use clinic_domain::identity::role::Role;
use clinic_domain::identity::security_policy::{Demand, SecurityPolicy};
use clinic_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::Account;
use super::security_policy_view::RoleFactors;
use crate::db::{Noun, Record, sql};
use crate::error::{Answer, AppError};

/// Most people without a second factor that are named.
const MOST_NAMES: u32 = 20;

const SAVE: &str = "INSERT INTO security_policy (
        clinic_id, rev, password_least, password_least_with_factor, composition, second_factor_roles, free_tries,
        longest_wait_minutes, told_after, untrusted_per_hour, session_hours, idle_minutes,
        idle_minutes_front_desk, factor_grace_days, demanded_since)
    VALUES (
        :clinic, :rev, :least, :least_with_factor, :composition, :roles, :free, :wait, :told, :untrusted, :hours, :idle,
        :idle_front_desk, :grace, :since)
    ON CONFLICT (clinic_id) DO UPDATE SET
        rev = excluded.rev, password_least = excluded.password_least,
        password_least_with_factor = excluded.password_least_with_factor, composition = excluded.composition,
        second_factor_roles = excluded.second_factor_roles, free_tries = excluded.free_tries,
        longest_wait_minutes = excluded.longest_wait_minutes, told_after = excluded.told_after,
        untrusted_per_hour = excluded.untrusted_per_hour, session_hours = excluded.session_hours,
        idle_minutes = excluded.idle_minutes, idle_minutes_front_desk = excluded.idle_minutes_front_desk,
        factor_grace_days = excluded.factor_grace_days,
        demanded_since = excluded.demanded_since";

/// The record. Its serialised form is kept in undo and, field by field, in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicSecurity {
    /// The clinic's id: there is one policy for each.
    pub id: Uuid,
    /// What was decided.
    #[serde(flatten)]
    pub policy: SecurityPolicy,
    /// Since when a second factor is demanded of each role of which it is.
    pub demanded_since: Vec<(Role, Instant)>,
}

impl ClinicSecurity {
    /// The policy of a clinic that decides it now; what was demanded before goes on as it began.
    pub(crate) fn decided(
        id: Uuid,
        policy: SecurityPolicy,
        before: &[(Role, Instant)],
        now: Instant,
    ) -> Self {
        let since =
            |role: &Role| before.iter().find(|(earlier, _)| earlier == role).map_or(now, |(_, at)| *at);
        let demanded_since = policy.second_factor_roles.iter().map(|role| (*role, since(role))).collect();
        Self { id, policy, demanded_since }
    }
}

/// The policy that holds, with its revision; 0 where nothing was decided yet.
///
/// # Errors
/// Faults of the store.
pub(crate) fn load(conn: &Connection) -> Answer<(SecurityPolicy, u32)> {
    let mut query = conn.prepare_cached("SELECT * FROM security_policy LIMIT 1")?;
    let found = query.query_row([], |row| Ok((read(row)?, row.get("rev")?))).optional()?;
    Ok(found.unwrap_or_default())
}

/// Since when a second factor is demanded of each role of which it is.
///
/// # Errors
/// Faults of the store.
pub(super) fn demanded_since(conn: &Connection) -> Answer<Vec<(Role, Instant)>> {
    let mut query = conn.prepare_cached("SELECT demanded_since FROM security_policy LIMIT 1")?;
    let found = query.query_row([], |row| sql::json(row, "demanded_since")).optional()?;
    Ok(found.unwrap_or_default())
}

/// What the clinic asks of somebody about a second factor.
///
/// # Errors
/// Faults of the store.
pub(super) fn demand_on(conn: &Connection, policy: &SecurityPolicy, account: &Account) -> Answer<Demand> {
    let since = match policy.demands_second_factor(account.role) {
        true => demanded_since(conn)?.into_iter().find(|(role, _)| *role == account.role),
        false => None,
    };
    let since = since.map_or(Instant::UNIX_EPOCH, |(_, at)| at);
    Ok(policy.factor_demand(account.role, since, account.in_role_since))
}

/// How many active people of each role have a second factor, and who has none yet.
///
/// # Errors
/// Faults of the store.
pub(super) fn factors(conn: &Connection) -> Answer<Vec<RoleFactors>> {
    let mut count = conn.prepare_cached(
        "SELECT count(*), count(since_ms) FROM account LEFT JOIN second_factor ON account_id = account.id
         WHERE active AND role = ?1",
    )?;
    let mut without = conn.prepare_cached(
        "SELECT account.* FROM account LEFT JOIN second_factor ON account_id = account.id
         WHERE active AND role = ?1 AND since_ms IS NULL ORDER BY name_key, account.id LIMIT ?2",
    )?;
    let of = |role: Role| {
        let name = sql::name_of(&role);
        let (people, have) = count.query_row([&name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let names = without.query_map((&name, MOST_NAMES), super::store_account::read)?;
        let without = names
            .map(|found| found.map(|person| surname_initial(&person.family_name, &person.given_names)))
            .collect::<rusqlite::Result<_>>()?;
        Ok(RoleFactors { role, people, have, without })
    };
    [Role::Admin, Role::Doctor, Role::FrontDesk].into_iter().map(of).collect()
}

impl Record for ClinicSecurity {
    const NOUN: Noun = Noun::SecurityPolicy;
    const HIDDEN: &'static [&'static str] = &["demanded_since"];

    fn id(&self) -> Uuid {
        self.id
    }

    fn load(conn: &Connection, id: Uuid) -> Answer<Option<(Self, u32)>> {
        let mut query = conn.prepare_cached("SELECT * FROM security_policy WHERE clinic_id = ?1")?;
        let found = query.query_row([id.as_bytes()], |row| {
            let demanded_since = sql::json(row, "demanded_since")?;
            Ok((Self { id: sql::id(row, "clinic_id")?, policy: read(row)?, demanded_since }, row.get("rev")?))
        });
        Ok(found.optional()?)
    }

    fn save(&self, conn: &Connection, rev: u32) -> Answer<()> {
        let policy = &self.policy;
        conn.prepare_cached(SAVE)?.execute(named_params! {
            ":clinic": self.id.as_bytes(),
            ":rev": rev,
            ":least": policy.password_least,
            ":least_with_factor": policy.password_least_with_factor,
            ":composition": policy.composition,
            ":roles": sql::to_json(&policy.second_factor_roles),
            ":free": policy.free_tries,
            ":wait": policy.longest_wait_minutes,
            ":told": policy.told_after,
            ":untrusted": policy.untrusted_per_hour,
            ":hours": policy.session_hours,
            ":idle": policy.idle_minutes,
            ":idle_front_desk": policy.idle_minutes_front_desk,
            ":grace": policy.factor_grace_days,
            ":since": sql::to_json(&self.demanded_since),
        })?;
        Ok(())
    }

    /// # Errors
    /// Always: a clinic keeps its policy.
    fn remove(&self, _: &Connection) -> Answer<()> {
        Err(AppError::WrongState)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<SecurityPolicy> {
    Ok(SecurityPolicy {
        password_least: row.get("password_least")?,
        password_least_with_factor: row.get("password_least_with_factor")?,
        composition: row.get("composition")?,
        second_factor_roles: sql::json(row, "second_factor_roles")?,
        factor_grace_days: row.get("factor_grace_days")?,
        free_tries: row.get("free_tries")?,
        longest_wait_minutes: row.get("longest_wait_minutes")?,
        told_after: row.get("told_after")?,
        untrusted_per_hour: row.get("untrusted_per_hour")?,
        session_hours: row.get("session_hours")?,
        idle_minutes: row.get("idle_minutes")?,
        idle_minutes_front_desk: row.get("idle_minutes_front_desk")?,
    })
}
