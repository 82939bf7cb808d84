//! The token service on a ledger in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::access::tests::NOON;
use super::access::{self, TokenError};
use super::keys::KeyRing;
use super::refresh::{Family, LIFETIME, RefreshError, TokenHash};
use super::service::{
    Bearer, Client, Ending, Fresh, Issued, Ledger, Lifetimes, Refused, Tokens, begin, refresh, verify,
};
use crate::error::ErrorKind;

/// A ledger that forgets nothing.
#[derive(Default)]
struct Memory {
    sessions: BTreeMap<SessionId, Bearer>,
    families: HashMap<SessionId, Family>,
    hashes: HashMap<TokenHash, (SessionId, u32)>,
    issued: Vec<Issued>,
    revoked: BTreeSet<Uuid>,
    ended: Vec<(SessionId, Ending)>,
    lifetimes: Option<Lifetimes>,
}

impl Ledger for Memory {
    type Fault = Infallible;

    fn live(&mut self, session: SessionId, _: Instant) -> Result<Option<Bearer>, Infallible> {
        Ok(self.sessions.get(&session).copied())
    }

    fn lifetimes(&mut self, _: Role) -> Result<Lifetimes, Infallible> {
        let longest = Lifetimes { access: access::LIFETIME, session: LIFETIME };
        Ok(self.lifetimes.unwrap_or(longest))
    }

    fn is_revoked(&mut self, token: Uuid) -> Result<bool, Infallible> {
        Ok(self.revoked.contains(&token))
    }

    fn record(&mut self, issued: &Issued) -> Result<(), Infallible> {
        self.issued.push(issued.clone());
        Ok(())
    }

    fn family(&mut self, token: &TokenHash) -> Result<Option<(SessionId, Family, u32)>, Infallible> {
        let found = self.hashes.get(token).copied();
        Ok(found.map(|(session, generation)| (session, self.families[&session].clone(), generation)))
    }

    fn keep(&mut self, session: SessionId, family: &Family, token: &TokenHash) -> Result<(), Infallible> {
        self.hashes.insert(*token, (session, family.generation));
        self.families.insert(session, family.clone());
        Ok(())
    }

    fn end(&mut self, session: SessionId, why: Ending) -> Result<(), Infallible> {
        self.sessions.remove(&session);
        self.families.get_mut(&session).unwrap().revoked = true;
        self.ended.push((session, why));
        Ok(())
    }
}

/// A hub with its ring, its ledger and its time.
struct Hub {
    ring: KeyRing,
    ledger: Memory,
    now: Instant,
    made: u64,
}

type Answer<T> = Result<T, Refused<Infallible>>;

impl Hub {
    fn new() -> Self {
        let ring = KeyRing::new(Zeroizing::new([1; 32]), *NOON);
        Self { ring, ledger: Memory::default(), now: *NOON, made: 0 }
    }

    fn fresh(&mut self) -> Fresh {
        self.made += 1;
        let secret = Zeroizing::new(Sha256::digest(self.made.to_be_bytes()).into());
        Fresh { id: Uuid::from_u128(self.made.into()), secret }
    }

    /// A new session at a device.
    fn sign_in(&mut self, device: u128) -> (SessionId, Tokens) {
        let session = SessionId(Uuid::from_u128(1_000_000 + u128::from(self.made)));
        let account = AccountId(Uuid::from_u128(7));
        self.ledger.sessions.insert(session, Bearer { account, role: Role::FrontDesk });
        let fresh = self.fresh();
        let tokens = begin(&mut self.ledger, &self.ring, session, client(device), self.now, fresh)
            .unwrap_or_else(|e| panic!("{e:?}"));
        (session, tokens)
    }

    fn refresh(&mut self, token: &Secret, request: u128, device: u128) -> Answer<Tokens> {
        let fresh = self.fresh();
        let request = Uuid::from_u128(request);
        refresh(&mut self.ledger, &self.ring, token, request, client(device), self.now, fresh)
    }

    fn verify(&mut self, token: &Secret) -> Answer<Bearer> {
        verify(&mut self.ledger, &self.ring, token, self.now).map(|(bearer, _)| bearer)
    }

    fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }
}

fn client(device: u128) -> Client {
    Client {
        device: Uuid::from_u128(device),
        user_agent: "Clinic Desk 0.1".into(),
        address: "192.0.2.7".into(),
    }
}

#[test]
fn a_token_is_good_as_long_as_its_session() {
    let mut hub = Hub::new();
    let (session, tokens) = hub.sign_in(1);
    assert_eq!(hub.verify(&tokens.access).unwrap().role, Role::FrontDesk);
    hub.ledger.sessions.get_mut(&session).unwrap().role = Role::Doctor;
    assert_eq!(hub.verify(&tokens.access).unwrap().role, Role::Doctor, "the role is that of now");
    hub.wait(929);
    assert!(hub.verify(&tokens.access).is_ok());
    hub.wait(1);
    assert_eq!(hub.verify(&tokens.access).err(), Some(Refused::Token(TokenError::Expired)));
    let next = hub.refresh(&tokens.refresh.reveal(), 1, 1).unwrap_or_else(|e| panic!("{e:?}"));
    hub.ledger.sessions.remove(&session);
    assert_eq!(hub.verify(&next.access).err(), Some(Refused::Ended));
    assert_eq!(hub.refresh(&next.refresh.reveal(), 2, 1).err(), Some(Refused::Ended));
}

#[test]
fn a_clinic_decides_how_long_tokens_and_sessions_live_up_to_what_the_standards_leave_open() {
    let [minute, hour] = [TimeDelta::minutes(1), TimeDelta::hours(1)];
    for (decided, token, session) in
        [(minute, minute, minute), (hour, access::LIFETIME, hour), (LIFETIME * 2, access::LIFETIME, LIFETIME)]
    {
        let mut hub = Hub::new();
        hub.ledger.lifetimes = Some(Lifetimes { access: decided, session: decided });
        let (_, tokens) = hub.sign_in(1);
        hub.now = *NOON + token + access::LEEWAY - TimeDelta::seconds(1);
        assert!(hub.verify(&tokens.access).is_ok(), "{decided}");
        hub.wait(1);
        assert_eq!(hub.verify(&tokens.access).err(), Some(Refused::Token(TokenError::Expired)), "{decided}");
        hub.now = *NOON + session - TimeDelta::seconds(1);
        let next = hub.refresh(&tokens.refresh.reveal(), 1, 1).unwrap_or_else(|e| panic!("{e:?}"));
        hub.wait(1);
        let late = hub.refresh(&next.refresh.reveal(), 2, 1).err();
        assert_eq!(late, Some(Refused::Refresh(RefreshError::Expired)), "{decided}");
    }
}

#[test]
fn every_token_is_written_down_with_where_it_went_and_can_be_revoked_alone() {
    let mut hub = Hub::new();
    let (session, tokens) = hub.sign_in(1);
    hub.wait(60);
    let next = hub.refresh(&tokens.refresh.reveal(), 1, 1).unwrap_or_else(|e| panic!("{e:?}"));
    let issued = hub.ledger.issued.clone();
    assert_eq!(issued.len(), 2);
    assert!(issued.iter().all(|token| token.session == session && token.client == client(1)));
    assert_eq!([issued[0].at, issued[1].at], [*NOON, *NOON + TimeDelta::seconds(60)]);
    hub.ledger.revoked.insert(issued[0].id);
    assert_eq!(hub.verify(&tokens.access).err(), Some(Refused::Ended));
    assert!(hub.verify(&next.access).is_ok());
}

#[test]
fn a_used_refresh_token_ends_its_session_and_no_other() {
    let mut hub = Hub::new();
    let (stolen, first) = hub.sign_in(1);
    let (_, other) = hub.sign_in(2);
    let next = hub.refresh(&first.refresh.reveal(), 1, 1).unwrap_or_else(|e| panic!("{e:?}"));
    let again = hub.refresh(&first.refresh.reveal(), 2, 1).err();
    assert_eq!(again, Some(Refused::Refresh(RefreshError::Reused)));
    assert_eq!(hub.ledger.ended, [(stolen, Ending::Reused)]);
    assert_eq!(hub.verify(&next.access).err(), Some(Refused::Ended));
    assert_eq!(
        hub.refresh(&next.refresh.reveal(), 3, 1).err(),
        Some(Refused::Refresh(RefreshError::Revoked))
    );
    assert!(hub.verify(&other.access).is_ok());
}

/// S5 of the security reference: an answer that was lost on the way signs nobody out.
#[test]
fn a_thousand_lost_answers_sign_nobody_out_and_a_thousand_replays_end_what_was_stolen() {
    let mut hub = Hub::new();
    for n in 0..1_000 {
        let (_, first) = hub.sign_in(1);
        let token = first.refresh.reveal();
        hub.refresh(&token, n, 1).unwrap_or_else(|e| panic!("{e:?}"));
        hub.wait(30);
        let heard = hub.refresh(&token, n, 1).unwrap_or_else(|e| panic!("{e:?}"));
        assert!(hub.verify(&heard.access).is_ok());
        let (session, first) = hub.sign_in(1);
        let heard = hub.refresh(&first.refresh.reveal(), n, 1).unwrap_or_else(|e| panic!("{e:?}"));
        let replay = hub.refresh(&first.refresh.reveal(), n, 2).err();
        assert_eq!(replay, Some(Refused::Refresh(RefreshError::Reused)));
        assert_eq!(hub.verify(&heard.access).err(), Some(Refused::Ended));
        assert_eq!(hub.ledger.ended.last(), Some(&(session, Ending::Reused)));
    }
    assert_eq!(hub.ledger.ended.len(), 1_000);
}

/// S7 of the security reference.
#[test]
fn a_rotated_key_refuses_nobody_and_a_replaced_one_everybody() {
    let mut hub = Hub::new();
    let (_, first) = hub.sign_in(1);
    let (mut access, mut token) = (first.access, first.refresh.reveal());
    for turn in 0..200_u8 {
        hub.ring.rotate(Zeroizing::new([turn; 32]), hub.now);
        hub.wait(899);
        assert!(hub.verify(&access).is_ok(), "turn {turn}");
        let next = hub.refresh(&token, u128::from(turn), 1).unwrap_or_else(|e| panic!("{e:?}"));
        (access, token) = (next.access, next.refresh.reveal());
    }
    hub.ring.replace(Zeroizing::new([255; 32]), hub.now);
    assert_eq!(hub.verify(&access).err(), Some(Refused::Token(TokenError::Invalid)));
    assert!(hub.refresh(&token, 500, 1).is_ok(), "the session itself goes on");
}

#[test]
fn a_peer_is_told_one_thing_whatever_was_wrong() {
    let mut hub = Hub::new();
    let (_, first) = hub.sign_in(1);
    let token = first.refresh.reveal();
    let [none, unknown] = ["no token".into(), "A".repeat(43).into()];
    let refusals = [
        hub.verify(&none).err(),
        hub.refresh(&none, 1, 1).err(),
        hub.refresh(&unknown, 1, 1).err(),
        hub.refresh(&token, 1, 2).err(),
        hub.verify(&first.access).err(),
    ];
    assert!(
        refusals.iter().all(|refused| refused.is_some_and(|refused| refused.kind() == ErrorKind::Session))
    );
}
