//! Refresh tokens: each is used once and followed by another (RFC 9700, section 4.14.2; AU-10). One that comes back is
//! taken for stolen and ends its whole family. An answer that was lost on the way is not theft: for a minute the same
//! question from the same device gets the same answer.
//!
//! The tokens themselves are kept nowhere, only their hashes; a caller finds family and generation by the hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use clinic_domain::identity::secret::Secret;
use clinic_domain::time::Instant;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long a family lives at most, and unless the clinic decided otherwise, however often it is refreshed (AU-10; OWASP ASVS
/// 10.4.8).
pub const LIFETIME: TimeDelta = TimeDelta::days(7);
/// For how long a question that was asked before gets the same answer again.
pub const RETRY: TimeDelta = TimeDelta::seconds(60);

/// A refresh token. Cannot be printed, serialised or compared: it is looked up by its hash.
///
/// ```
/// use clinic_wire::token::refresh::RefreshToken;
/// let token = RefreshToken::new([7; 32].into());
/// println!("{:?}", token.hash());
/// println!("{}", serde_json::to_string(token.reveal().expose()).unwrap());
/// assert!(token.hash() == token.hash());
/// ```
/// ```compile_fail,E0277
/// use clinic_wire::token::refresh::RefreshToken;
/// let token = RefreshToken::new([7; 32].into());
/// println!("{:?}", token);
/// ```
/// ```compile_fail,E0277
/// use clinic_wire::token::refresh::RefreshToken;
/// let token = RefreshToken::new([7; 32].into());
/// println!("{}", serde_json::to_string(&token).unwrap());
/// ```
/// ```compile_fail,E0369
/// use clinic_wire::token::refresh::RefreshToken;
/// let token = RefreshToken::new([7; 32].into());
/// assert!(token == token);
/// ```
pub struct RefreshToken(Zeroizing<[u8; 32]>);

/// What is kept of a refresh token: its SHA-256, which is enough for 256 bits that nobody can guess (ASVS 6.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

impl RefreshToken {
    /// The first token of a family. `secret` has to be 32 bytes that cannot be guessed.
    pub fn new(secret: Zeroizing<[u8; 32]>) -> Self {
        Self(secret)
    }

    /// A token as a peer presents it; `None` when it has another form.
    pub fn parse(text: &Secret) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.expose()).ok()?);
        Some(Self(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?)))
    }

    /// The token as a peer gets it: 43 letters of base64url.
    pub fn reveal(&self) -> Secret {
        URL_SAFE_NO_PAD.encode(self.0.as_slice()).into()
    }

    /// What is kept of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_slice()).into())
    }

    /// The token that follows. Only who holds this one and knows the salt can tell it.
    fn next(&self, salt: &[u8; 32], request: Uuid) -> Self {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.0.as_slice())
            .unwrap_or_else(|_| unreachable!("a MAC of any length of key"));
        mac.update(b"clinic-desk refresh");
        mac.update(salt);
        mac.update(request.as_bytes());
        Self(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}

/// A chain of refresh tokens, from a sign-in to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The device it was given to.
    pub device: Uuid,
    /// When it ends, whatever happens.
    pub ends_at: Instant,
    /// Ended before its time.
    pub revoked: bool,
    /// Number of the token that is good, from 0.
    pub generation: u32,
    /// How that token came about; `None` for the first.
    pub last: Option<Rotation>,
}

/// One use of a refresh token. Its salt is of no use after [`RETRY`] and may then be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Id that the peer gave its question.
    pub request: Uuid,
    /// When.
    pub at: Instant,
    /// What made the next token another than could be told from this one.
    pub salt: [u8; 32],
}

/// A question for the next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its id, which a peer keeps when it asks again because it heard nothing.
    pub id: Uuid,
    /// The device that asks, as proven by its key.
    pub device: Uuid,
    /// When.
    pub at: Instant,
}

/// The answer to a question that was in order.
pub struct Refreshed {
    /// The family as it has to be kept from now on.
    pub family: Family,
    /// The next token.
    pub token: RefreshToken,
}

/// Why there is no next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// The family has run out.
    #[error("the session has run out")]
    Expired,
    /// The family was ended before.
    #[error("the session was ended")]
    Revoked,
    /// A used token, or one of another device: the family has to be ended now and somebody has to be told (AU-17).
    #[error("the token was used before")]
    Reused,
}

/// A family that starts now on a device and lives so long, but no longer than [`LIFETIME`].
pub fn start(device: Uuid, now: Instant, lifetime: TimeDelta) -> Family {
    Family { device, ends_at: now + lifetime.min(LIFETIME), revoked: false, generation: 0, last: None }
}

/// Decides about a token of this generation of a family. `salt` has to be 32 new bytes that cannot be guessed.
///
/// # Errors
/// See [`RefreshError`].
pub fn refresh(
    family: &Family,
    generation: u32,
    token: &RefreshToken,
    request: Request,
    salt: [u8; 32],
) -> Result<Refreshed, RefreshError> {
    if family.revoked {
        return Err(RefreshError::Revoked);
    }
    if request.at >= family.ends_at {
        return Err(RefreshError::Expired);
    }
    if request.device != family.device {
        return Err(RefreshError::Reused);
    }
    if generation == family.generation {
        let last = Some(Rotation { request: request.id, at: request.at, salt });
        let family = Family { generation: generation + 1, last, ..family.clone() };
        return Ok(Refreshed { family, token: token.next(&salt, request.id) });
    }
    match &family.last {
        Some(last)
            if generation + 1 == family.generation
                && last.request == request.id
                && (request.at - last.at).abs() < RETRY =>
        {
            Ok(Refreshed { family: family.clone(), token: token.next(&last.salt, request.id) })
        }
        _ => Err(RefreshError::Reused),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::access::tests::NOON;
    use super::*;

    /// What a service keeps, in memory: families, and which hash is which generation of which.
    #[derive(Default)]
    struct Service {
        families: Vec<Family>,
        hashes: HashMap<TokenHash, (usize, u32)>,
        salts: u64,
    }

    impl Service {
        fn secret(&mut self) -> [u8; 32] {
            self.salts += 1;
            Sha256::digest(self.salts.to_be_bytes()).into()
        }

        fn start(&mut self, device: Uuid, now: Instant) -> RefreshToken {
            let token = RefreshToken::new(Zeroizing::new(self.secret()));
            self.hashes.insert(token.hash(), (self.families.len(), 0));
            self.families.push(start(device, now, LIFETIME));
            token
        }

        fn refresh(&mut self, text: &Secret, request: Request) -> Result<RefreshToken, RefreshError> {
            let token = RefreshToken::parse(text).unwrap();
            let (family, generation) = self.hashes[&token.hash()];
            let salt = self.secret();
            match refresh(&self.families[family], generation, &token, request, salt) {
                Ok(refreshed) => {
                    self.hashes.insert(refreshed.token.hash(), (family, refreshed.family.generation));
                    self.families[family] = refreshed.family;
                    Ok(refreshed.token)
                }
                Err(refusal) => {
                    self.families[family].revoked |= refusal == RefreshError::Reused;
                    Err(refusal)
                }
            }
        }
    }

    fn device(n: u8) -> Uuid {
        Uuid::from_bytes([n; 16])
    }

    fn ask(id: u128, device_number: u8, seconds: i64) -> Request {
        Request {
            id: Uuid::from_u128(id),
            device: device(device_number),
            at: *NOON + TimeDelta::seconds(seconds),
        }
    }

    #[test]
    fn a_token_that_comes_back_ends_its_family() {
        let mut service = Service::default();
        let first = service.start(device(1), *NOON).reveal();
        let second = service.refresh(&first, ask(1, 1, 1)).unwrap().reveal();
        assert_eq!(service.refresh(&first, ask(2, 1, 2)).err(), Some(RefreshError::Reused));
        assert_eq!(service.refresh(&second, ask(3, 1, 3)).err(), Some(RefreshError::Revoked));
    }

    #[test]
    fn a_lost_answer_is_given_again_to_the_same_device_for_a_minute() {
        let mut service = Service::default();
        for n in 0..1_000 {
            let first = service.start(device(1), *NOON).reveal();
            let lost = service.refresh(&first, ask(n, 1, 0)).unwrap().reveal();
            let again = service.refresh(&first, ask(n, 1, 59)).unwrap().reveal();
            assert_eq!(lost.expose(), again.expose());
            assert!(service.refresh(&again, ask(n + 10_000, 1, 60)).is_ok(), "nobody was signed out");
        }
        let first = service.start(device(1), *NOON).reveal();
        service.refresh(&first, ask(1, 1, 0)).unwrap();
        assert_eq!(service.refresh(&first, ask(1, 1, 60)).err(), Some(RefreshError::Reused));
    }

    #[test]
    fn another_device_that_repeats_the_question_ends_the_family() {
        let mut service = Service::default();
        for n in 0..1_000 {
            let first = service.start(device(1), *NOON).reveal();
            let second = service.refresh(&first, ask(n, 1, 0)).unwrap().reveal();
            assert_eq!(service.refresh(&first, ask(n, 2, 1)).err(), Some(RefreshError::Reused));
            assert_eq!(service.refresh(&second, ask(n + 1, 1, 2)).err(), Some(RefreshError::Revoked));
        }
    }

    #[test]
    fn a_family_ends_after_seven_days_however_often_it_was_refreshed() {
        let mut service = Service::default();
        let mut token = service.start(device(1), *NOON).reveal();
        for day in 1..7 {
            token =
                service.refresh(&token, ask(day, 1, 86_400 * i64::try_from(day).unwrap())).unwrap().reveal();
        }
        assert_eq!(service.refresh(&token, ask(9, 1, 7 * 86_400)).err(), Some(RefreshError::Expired));
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        let token = RefreshToken::new(Zeroizing::new([255; 32])).reveal();
        let token = token.expose();
        assert_eq!(token.len(), 43);
        let padded = format!("{token}=");
        for text in ["", "a", &token[1..], &padded, &token.replace('_', "/")] {
            assert!(RefreshToken::parse(&text.into()).is_none(), "{text}");
        }
    }

    /// What can happen to one family: somebody asks with the token of a generation, under an id, from a device, after
    /// some seconds; or the family is ended.
    #[derive(Debug, Clone)]
    enum Event {
        Ask { back: usize, id: u8, device: u8, wait: i64 },
        Revoke,
    }

    fn event() -> impl Strategy<Value = Event> {
        let device = prop_oneof![9 => Just(1_u8), 1 => Just(2_u8)];
        let wait = prop_oneof![8 => 0..30_i64, 2 => 30..90_i64, 1 => 80_000..200_000_i64];
        let back = prop_oneof![6 => Just(0_usize), 3 => Just(1_usize), 1 => 2..4_usize];
        prop_oneof![
            30 => (back, 0..4_u8, device, wait)
                .prop_map(|(back, id, device, wait)| Event::Ask { back, id, device, wait }),
            1 => Just(Event::Revoke),
        ]
    }

    /// How many sequences are tried: a number of `make soak` where it sets one.
    fn sequences() -> u32 {
        std::env::var("CLINIC_DESK_SOAK_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(sequences()))]

        /// Told from the words of AU-10 alone: a list of tokens, of which the last is good, and the question it answered.
        #[test]
        fn there_is_one_good_token_and_reuse_always_ends_the_family(events in prop::collection::vec(event(), 1..24)) {
            let mut service = Service::default();
            let mut tokens = vec![service.start(device(1), *NOON).reveal()];
            let (mut now, mut dead, mut answered) = (0, false, None);
            for event in events {
                let Event::Ask { back, id, device, wait } = event else {
                    service.families[0].revoked = true;
                    dead = true;
                    continue;
                };
                now += wait;
                let asked = tokens.len().saturating_sub(back + 1);
                let answer = service.refresh(&tokens[asked], ask(u128::from(id), device, now));
                let newest = asked + 1 == tokens.len();
                let retry = asked + 2 == tokens.len()
                    && answered.is_some_and(|(before, at)| before == id && now - at < 60);
                if dead {
                    prop_assert_eq!(answer.err(), Some(RefreshError::Revoked));
                } else if now >= 7 * 86_400 {
                    prop_assert_eq!(answer.err(), Some(RefreshError::Expired));
                } else if device == 1 && newest {
                    tokens.push(answer.map_err(|error| TestCaseError::fail(error.to_string()))?.reveal());
                    answered = Some((id, now));
                } else if device == 1 && retry {
                    let again = answer.map_err(|error| TestCaseError::fail(error.to_string()))?.reveal();
                    prop_assert_eq!(again.expose(), tokens.last().unwrap().expose());
                } else {
                    prop_assert_eq!(answer.err(), Some(RefreshError::Reused));
                    dead = true;
                }
            }
            let mut distinct: Vec<_> = tokens.iter().map(Secret::expose).collect();
            distinct.sort();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), tokens.len());
        }
    }
}
