//! The token service (AU-10, AU-11, AU-13, AU-14): what the hub asks when a device signs in, comes back for the next tokens
//! or shows one. It decides; a [`Ledger`] of the caller keeps. A desk has no use for it
//! (`docs/adr/0010-a-desk-has-no-tokens.md`).
//!
//! Each call stands for one transaction of the ledger. What the ledger was told is to be committed whatever is answered:
//! a session that a stolen token ended stays ended.

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::access::{self, Claims, Purpose, TokenError};
use super::keys::KeyRing;
use super::refresh::{self, Family, RefreshError, RefreshToken, Request, TokenHash};
use crate::error::ErrorKind;

/// Where a token was given to, as it is written down with it (AU-10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The device, as proven by its key.
    pub device: Uuid,
    /// What it calls itself; at most 200 characters are worth keeping.
    pub user_agent: String,
    /// Its network address.
    pub address: String,
}

/// An access token as it is written down: not the token, but that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its id, the claim `jti`.
    pub id: Uuid,
    /// The session.
    pub session: SessionId,
    /// Whose.
    pub account: AccountId,
    /// Where it was given to.
    pub client: Client,
    /// When.
    pub at: Instant,
}

/// Whose a session is, as of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Who.
    pub account: AccountId,
    /// In which role, which may be another than when the session began.
    pub role: Role,
}

/// How long what is given out lives (AU-10). What is longer than the standards leave open is cut: [`access::LIFETIME`],
/// [`refresh::LIFETIME`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token.
    pub access: TimeDelta,
    /// A session, however often it is refreshed.
    pub session: TimeDelta,
}

/// Why the service ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A used refresh token came back, or one of another device: administrators have to be told (AU-17).
    Reused,
}

/// What the service keeps, in the caller's store.
pub trait Ledger {
    /// A fault of the store.
    type Fault;

    /// Whose a session is, as long as it lives: not ended, not run out, the account active.
    ///
    /// # Errors
    /// Faults of the store.
    fn live(&mut self, session: SessionId, now: Instant) -> Result<Option<Bearer>, Self::Fault>;

    /// How long tokens and sessions of this role live, as the clinic decided.
    ///
    /// # Errors
    /// Faults of the store.
    fn lifetimes(&mut self, role: Role) -> Result<Lifetimes, Self::Fault>;

    /// Whether an access token was revoked before its time.
    ///
    /// # Errors
    /// Faults of the store.
    fn is_revoked(&mut self, token: Uuid) -> Result<bool, Self::Fault>;

    /// Writes down that an access token was given out.
    ///
    /// # Errors
    /// Faults of the store.
    fn record(&mut self, issued: &Issued) -> Result<(), Self::Fault>;

    /// The family, and the generation in it, of the refresh token with this hash.
    ///
    /// # Errors
    /// Faults of the store.
    fn family(&mut self, token: &TokenHash) -> Result<Option<(SessionId, Family, u32)>, Self::Fault>;

    /// Keeps the family of a session, and the hash of the token of its present generation beside those of the earlier
    /// ones.
    ///
    /// # Errors
    /// Faults of the store.
    fn keep(&mut self, session: SessionId, family: &Family, token: &TokenHash) -> Result<(), Self::Fault>;

    /// Ends a session and its family.
    ///
    /// # Errors
    /// Faults of the store.
    fn end(&mut self, session: SessionId, why: Ending) -> Result<(), Self::Fault>;
}

/// Randomness for one call, made by the caller.
pub struct Fresh {
    /// Id of the access token.
    pub id: Uuid,
    /// 32 bytes that cannot be guessed.
    pub secret: Zeroizing<[u8; 32]>,
}

/// What a device gets.
pub struct Tokens {
    /// Access token, good for a short time.
    pub access: Secret,
    /// Refresh token, good once.
    pub refresh: RefreshToken,
}

/// Why there is no answer. A peer is told [`Refused::kind`] and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused<F> {
    /// The token is none of ours, or not for now.
    Token(TokenError),
    /// The refresh token is not in order.
    Refresh(RefreshError),
    /// The session has ended, or the token was revoked.
    Ended,
    /// A fault of the ledger.
    Ledger(F),
}

impl<F> Refused<F> {
    /// What the peer is told.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Token(_) | Self::Refresh(_) | Self::Ended => ErrorKind::Session,
            Self::Ledger(_) => ErrorKind::Database,
        }
    }
}

impl<F> From<TokenError> for Refused<F> {
    fn from(refused: TokenError) -> Self {
        Self::Token(refused)
    }
}

/// Gives a session that was just opened its first tokens.
///
/// # Errors
/// [`Refused::Ended`] when the session does not live; faults of the ledger.
pub fn begin<L: Ledger>(
    ledger: &mut L,
    ring: &KeyRing,
    session: SessionId,
    client: Client,
    now: Instant,
    fresh: Fresh,
) -> Result<Tokens, Refused<L::Fault>> {
    let refresh = RefreshToken::new(fresh.secret);
    let Bearer { role, .. } = ledger.live(session, now).map_err(Refused::Ledger)?.ok_or(Refused::Ended)?;
    let lifetime = ledger.lifetimes(role).map_err(Refused::Ledger)?.session;
    let family = refresh::start(client.device, now, lifetime);
    let access = give(ledger, ring, session, client, now, fresh.id)?;
    ledger.keep(session, &family, &refresh.hash()).map_err(Refused::Ledger)?;
    Ok(Tokens { access, refresh })
}

/// The next tokens for a refresh token. One that comes back, or from elsewhere, ends its session; the same question of the
/// same device within [`refresh::RETRY`] gets the same refresh token again.
///
/// # Errors
/// [`Refused::Token`] for what is no token; [`Refused::Refresh`]; [`Refused::Ended`]; faults of the ledger.
pub fn refresh<L: Ledger>(
    ledger: &mut L,
    ring: &KeyRing,
    token: &Secret,
    request: Uuid,
    client: Client,
    now: Instant,
    fresh: Fresh,
) -> Result<Tokens, Refused<L::Fault>> {
    let token = RefreshToken::parse(token).ok_or(TokenError::Invalid)?;
    let found = ledger.family(&token.hash()).map_err(Refused::Ledger)?;
    let (session, family, generation) = found.ok_or(TokenError::Invalid)?;
    let request = Request { id: request, device: client.device, at: now };
    let refreshed = match refresh::refresh(&family, generation, &token, request, *fresh.secret) {
        Ok(refreshed) => refreshed,
        Err(refused) => {
            if refused == RefreshError::Reused {
                ledger.end(session, Ending::Reused).map_err(Refused::Ledger)?;
            }
            return Err(Refused::Refresh(refused));
        }
    };
    let access = give(ledger, ring, session, client, now, fresh.id)?;
    ledger.keep(session, &refreshed.family, &refreshed.token.hash()).map_err(Refused::Ledger)?;
    Ok(Tokens { access, refresh: refreshed.token })
}

/// Who shows an access token (AU-13): signature, times, the session still alive, the token not revoked. The role is that
/// of now, not that of the token.
///
/// # Errors
/// [`Refused::Token`], [`Refused::Ended`], faults of the ledger.
pub fn verify<L: Ledger>(
    ledger: &mut L,
    ring: &KeyRing,
    token: &Secret,
    now: Instant,
) -> Result<(Bearer, Claims), Refused<L::Fault>> {
    let claims = access::check(ring, Purpose::Access, token, now)?;
    let bearer = ledger.live(claims.session, now).map_err(Refused::Ledger)?.ok_or(Refused::Ended)?;
    if bearer.account != claims.account || ledger.is_revoked(claims.id).map_err(Refused::Ledger)? {
        return Err(Refused::Ended);
    }
    Ok((bearer, claims))
}

/// An access token for a session that lives, written down.
fn give<L: Ledger>(
    ledger: &mut L,
    ring: &KeyRing,
    session: SessionId,
    client: Client,
    now: Instant,
    id: Uuid,
) -> Result<Secret, Refused<L::Fault>> {
    let Bearer { account, role } =
        ledger.live(session, now).map_err(Refused::Ledger)?.ok_or(Refused::Ended)?;
    let expires_at = now + ledger.lifetimes(role).map_err(Refused::Ledger)?.access;
    let claims = Claims { id, account, session, role, issued_at: now, expires_at };
    let token = access::issue(ring, Purpose::Access, &claims)?;
    ledger.record(&Issued { id, session, account, client, at: now }).map_err(Refused::Ledger)?;
    Ok(token)
}
