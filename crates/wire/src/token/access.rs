//! Access tokens: who somebody is and in which session, for minutes. Whether that session still lives is asked of the
//! store with every use (AU-13): a token alone never outlives a sign-out.

use chrono::TimeDelta;
use clinic_domain::id::{AccountId, SessionId};
use clinic_domain::identity::role::Role;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::eddsa;
use super::keys::KeyRing;

/// How long an access token lives at most, and unless the clinic decided otherwise (AU-10).
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// By how much the clocks of two computers may differ.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// Longest token that is looked at, in bytes; ours have about 500.
const LONGEST: usize = 2048;
/// Whom tokens are for.
const AUDIENCE: &str = "clinic-desk";

/// What a token may be used for. A token of one purpose is no token of another: type and issuer differ (RFC 8725,
/// sections 3.11 and 3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Asking for anything that the role may.
    Access,
    /// Proving the second factor after the password fitted, and nothing else.
    SecondStep,
}

impl Purpose {
    const fn kind(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::SecondStep => "second-step+jwt",
        }
    }

    const fn issuer(self) -> &'static str {
        match self {
            Self::Access => "clinic-desk/access",
            Self::SecondStep => "clinic-desk/second-step",
        }
    }
}

/// What a token says of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// Id of the token.
    pub id: Uuid,
    /// Whose it is.
    pub account: AccountId,
    /// In which session.
    pub session: SessionId,
    /// In which role, as of the time of issue.
    pub role: Role,
    /// When it was issued, to the second.
    pub issued_at: Instant,
    /// When it runs out, to the second; no later than [`LIFETIME`] after.
    pub expires_at: Instant,
}

/// Why a token is refused. A peer is told no more than that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of ours, or changed.
    #[error("no token of ours")]
    Invalid,
    /// It has run out.
    #[error("the token has run out")]
    Expired,
    /// It is from the future: a clock is wrong.
    #[error("the token is not valid yet")]
    NotYet,
}

/// The claims as RFC 7519 and RFC 9068 write them. All are required, no other is accepted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    role: Role,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs a token with the newest key of the ring.
///
/// # Errors
/// [`TokenError::Invalid`] when the ring has no key.
pub fn issue(ring: &KeyRing, purpose: Purpose, claims: &Claims) -> Result<Secret, TokenError> {
    eddsa::install();
    let (id, key) = ring.signing().ok_or(TokenError::Invalid)?;
    let issued = claims.issued_at.timestamp();
    let written = Written {
        iss: purpose.issuer().to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: claims.account.0,
        sid: claims.session.0,
        jti: claims.id,
        role: claims.role,
        iat: issued,
        nbf: issued,
        exp: claims.expires_at.min(claims.issued_at + LIFETIME).timestamp(),
    };
    let token = jsonwebtoken::encode(&header(purpose, id), &written, &key);
    token.map(Secret::from).map_err(|_| TokenError::Invalid)
}

/// What a token says, if it is one of ours, for this purpose, at this time.
///
/// # Errors
/// See [`TokenError`]; [`TokenError::Expired`] and [`TokenError::NotYet`] only for tokens that we did sign.
pub fn check(ring: &KeyRing, purpose: Purpose, token: &Secret, now: Instant) -> Result<Claims, TokenError> {
    eddsa::install();
    let token = token.expose();
    if token.len() > LONGEST {
        return Err(TokenError::Invalid);
    }
    let told = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
    let id = told.kid.as_deref().ok_or(TokenError::Invalid)?;
    // Whatever else a header can say (other keys, other places, parts to be understood) is not ours.
    if told != header(purpose, id) {
        return Err(TokenError::Invalid);
    }
    let key = ring.checking(id, now).ok_or(TokenError::Invalid)?;
    let written =
        jsonwebtoken::decode::<Written>(token, key, &validation()).map_err(|_| TokenError::Invalid)?.claims;
    read(&written, purpose, now)
}

/// The signature only: times are compared with the time that was passed in, the rest is typed and compared below.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    validation
}

fn header(purpose: Purpose, key: &str) -> Header {
    Header {
        typ: Some(purpose.kind().to_owned()),
        kid: Some(key.to_owned()),
        ..Header::new(Algorithm::EdDSA)
    }
}

fn read(written: &Written, purpose: Purpose, now: Instant) -> Result<Claims, TokenError> {
    let at = |seconds| Instant::from_timestamp(seconds, 0).ok_or(TokenError::Invalid);
    let (issued, starts, ends) = (at(written.iat)?, at(written.nbf)?, at(written.exp)?);
    if written.iss != purpose.issuer() || written.aud != AUDIENCE || ends - issued > LIFETIME {
        return Err(TokenError::Invalid);
    }
    if starts - LEEWAY > now {
        return Err(TokenError::NotYet);
    }
    if now >= ends + LEEWAY {
        return Err(TokenError::Expired);
    }
    Ok(Claims {
        id: written.jti,
        account: AccountId(written.sub),
        session: SessionId(written.sid),
        role: written.role,
        issued_at: issued,
        expires_at: ends,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use zeroize::Zeroizing;

    use super::*;

    pub static NOON: LazyLock<Instant> = LazyLock::new(|| "2026-11-24T12:00:00Z".parse().unwrap());

    pub fn ring() -> KeyRing {
        KeyRing::new(Zeroizing::new([1; 32]), *NOON)
    }

    pub fn claims(issued_at: Instant) -> Claims {
        let id = |n| Uuid::from_u128(n);
        Claims {
            id: id(3),
            account: AccountId(id(1)),
            session: SessionId(id(2)),
            role: Role::FrontDesk,
            issued_at,
            expires_at: issued_at + LIFETIME,
        }
    }

    #[test]
    fn a_token_says_what_it_was_given() {
        let token = issue(&ring(), Purpose::Access, &claims(*NOON)).unwrap();
        assert_eq!(check(&ring(), Purpose::Access, &token, *NOON), Ok(claims(*NOON)));
    }

    #[test]
    fn it_lives_for_a_quarter_of_an_hour_and_half_a_minute_of_wrong_clocks() {
        let token = issue(&ring(), Purpose::Access, &claims(*NOON)).unwrap();
        let at = |seconds| check(&ring(), Purpose::Access, &token, *NOON + TimeDelta::seconds(seconds));
        assert_eq!(at(-31), Err(TokenError::NotYet));
        assert!(at(-30).is_ok() && at(900).is_ok() && at(929).is_ok());
        assert_eq!(at(930), Err(TokenError::Expired));
    }

    #[test]
    fn a_token_of_one_purpose_is_none_of_another() {
        for (made, used) in [(Purpose::Access, Purpose::SecondStep), (Purpose::SecondStep, Purpose::Access)] {
            let token = issue(&ring(), made, &claims(*NOON)).unwrap();
            assert_eq!(check(&ring(), used, &token, *NOON), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn a_token_of_another_clinic_is_refused() {
        let theirs = KeyRing::new(Zeroizing::new([2; 32]), *NOON);
        let token = issue(&theirs, Purpose::Access, &claims(*NOON)).unwrap();
        assert_eq!(check(&ring(), Purpose::Access, &token, *NOON), Err(TokenError::Invalid));
    }
}
