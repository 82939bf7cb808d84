//! Tokens that somebody made up: none may be accepted, none may end the program (RFC 8725, section 2; RFC 7519).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::access::tests::{NOON, claims, ring};
use super::access::{Purpose, check, issue};
use super::keys::KeyRing;

fn part(value: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(value)
}

/// A token with any header and any claims, signed with the right key: as bad as an insider could make it.
fn signed(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", part(header.as_bytes()), part(claims.as_bytes()));
    let signature = SigningKey::from_bytes(&[1; 32]).sign(message.as_bytes());
    format!("{message}.{}", part(&signature.to_bytes()))
}

fn accepted(token: &str) -> bool {
    check(&ring(), Purpose::Access, &token.into(), *NOON).is_ok()
}

fn good() -> String {
    issue(&ring(), Purpose::Access, &claims(*NOON)).unwrap().expose().to_owned()
}

fn parts(token: &str) -> (Value, Value) {
    let mut parts = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap());
    (parts.next().unwrap(), parts.next().unwrap())
}

fn with(object: &Value, field: &str, value: Value) -> String {
    let mut object = object.clone();
    object[field] = value;
    object.to_string()
}

fn without(object: &Value, field: &str) -> String {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(field);
    object.to_string()
}

/// Headers that name another algorithm, type or key, or ask for keys from elsewhere.
fn headers(header: &Value) -> Vec<String> {
    let algorithms = [
        "none",
        "None",
        "NONE",
        "nOnE",
        "noNe",
        "none ",
        " none",
        "n\u{f6}ne",
        "",
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS512",
        "ES256",
        "ES384",
        "PS256",
        "eddsa",
        "EDDSA",
        "Ed25519",
        "ES256K",
    ];
    let mut all: Vec<_> = algorithms.iter().map(|name| with(header, "alg", json!(name))).collect();
    all.extend([Value::Null, json!(["EdDSA"]), json!(1)].map(|value| with(header, "alg", value)));
    for kind in
        ["JWT", "jwt", "AT+JWT", "at+jwt ", "second-step+jwt", "refresh+jwt", "application/at+jwt", ""]
    {
        all.push(with(header, "typ", json!(kind)));
    }
    for key in ["", "../../../dev/null", "' OR 1=1 --", "0000000000000000"] {
        all.push(with(header, "kid", json!(key)));
    }
    all.extend(["alg", "typ", "kid"].map(|field| without(header, field)));
    all.extend([
        with(header, "jku", json!("https://example.org/keys")),
        with(header, "x5u", json!("https://example.org/cert")),
        with(header, "x5c", json!(["MIIB"])),
        with(header, "jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": part(&[7; 32])})),
        with(header, "crit", json!(["exp"])),
        with(header, "b64", json!(false)),
        with(header, "zip", json!("DEF")),
        with(header, "cty", json!("JWT")),
        with(header, "nonce", json!("1")),
        header.to_string().replacen('{', r#"{"alg":"none","#, 1),
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
        "[".repeat(100_000),
    ]);
    all
}

/// Claims that lack something, say too much, or have another type than they must (CVE-2026-25537).
fn bodies(body: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let fields = ["iss", "aud", "sub", "sid", "jti", "role", "iat", "nbf", "exp"];
    all.extend(fields.map(|field| without(body, field)));
    all.extend(fields.map(|field| with(body, field, Value::Null)));
    for time in ["exp", "nbf", "iat"] {
        let value = body[time].as_i64().unwrap();
        all.extend(
            [
                json!(value.to_string()),
                json!([value]),
                json!({ "at": value }),
                json!(9.3e18),
                json!(1e300),
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(true),
            ]
            .map(|value| with(body, time, value)),
        );
    }
    let issued = body["iat"].as_i64().unwrap();
    all.extend([
        with(body, "exp", json!(issued - 31)),
        with(body, "exp", json!(issued + 901)),
        with(body, "nbf", json!(issued + 31)),
        with(body, "iss", json!("clinic-desk/second-step")),
        with(body, "iss", json!(["clinic-desk/access"])),
        with(body, "aud", json!("clinic-desk-2")),
        with(body, "aud", json!(["clinic-desk", "other"])),
        with(body, "role", json!("root")),
        with(body, "sub", json!("' OR 1=1 --")),
        with(body, "admin", json!(true)),
        body.to_string().replacen('{', r#"{"role":"admin","#, 1),
        body.to_string().replacen('{', r#"{"exp":32503680000,"#, 1),
        "null".to_owned(),
        "{".repeat(100_000),
    ]);
    all
}

/// Tokens of another form than three parts of base64url.
fn forms(token: &str) -> Vec<String> {
    let [head, body, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let by_public_key = {
        let public = SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes();
        format!("{head}.{body}.{}", part(&public))
    };
    vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{token}\0"),
        format!("{token}AAAA"),
        format!("{head}.{body}.{}", "A".repeat(1_000_000)),
        format!("{}.{body}.{signature}", "A".repeat(1_000_000)),
        format!("{head}.{body}.{}", part(&[0; 64])),
        format!("{head}.{body}.{}", part(&[255; 64])),
        by_public_key,
        token.replace('-', "+").replace('_', "/") + "=",
        token.chars().rev().collect(),
    ]
}

#[test]
fn no_hostile_token_is_accepted() {
    let token = good();
    assert!(accepted(&token), "the token that the others are made of");
    let (header, body) = parts(&token);
    assert!(
        accepted(&signed(&header.to_string(), &body.to_string())),
        "the way in which the others are signed"
    );
    let mut corpus = forms(&token);
    corpus.extend(headers(&header).iter().map(|header| signed(header, &body.to_string())));
    corpus.extend(bodies(&body).iter().map(|body| signed(&header.to_string(), body)));
    assert!(corpus.len() >= 60, "{}", corpus.len());
    let in_vain: Vec<_> = corpus.iter().filter(|token| accepted(token)).collect();
    assert!(in_vain.is_empty(), "{in_vain:?}");
}

/// The public key as somebody may have it, to be taken for a secret that is shared.
fn public_key() -> Vec<Vec<u8>> {
    let raw = SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes();
    let der = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", raw.as_slice()].concat();
    let line = STANDARD.encode(&der);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{line}\n-----END PUBLIC KEY-----");
    let texts = [part(&raw), STANDARD.encode(raw), hex::encode(raw), line, format!("{pem}\n"), pem];
    [raw.to_vec(), der].into_iter().chain(texts.map(String::into_bytes)).collect()
}

/// RFC 8725, section 2.1: a code over the token with what everybody knows as its key, and none at all.
#[test]
fn neither_the_public_key_as_a_shared_secret_nor_no_signature_is_accepted() {
    let (header, body) = parts(&good());
    let message = |algorithm: &str| {
        let header = with(&header, "alg", json!(algorithm));
        format!("{}.{}", part(header.as_bytes()), part(body.to_string().as_bytes()))
    };
    for key in public_key() {
        for algorithm in ["HS256", "EdDSA"] {
            let message = message(algorithm);
            let mut code = <Hmac<Sha256> as Mac>::new_from_slice(&key).unwrap();
            code.update(message.as_bytes());
            assert!(!accepted(&format!("{message}.{}", part(&code.finalize().into_bytes()))), "{algorithm}");
        }
    }
    for algorithm in ["none", "None", "NONE", "nOnE", "EdDSA", ""] {
        let message = message(algorithm);
        for end in [".", "", "..", ".AA", ".e30"] {
            assert!(!accepted(&format!("{message}{end}")), "{algorithm} {end}");
        }
    }
}

/// How many changed tokens are tried: a number of `make soak` where it sets one.
fn mutations() -> u64 {
    std::env::var("CLINIC_DESK_SOAK_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

/// Almost all of the time of a changed token is its signature, so that two threads take half of it.
const THREADS: u64 = 2;

#[test]
fn no_changed_token_is_accepted() {
    let good = good();
    let other =
        issue(&KeyRing::new(Zeroizing::new([2; 32]), *NOON), Purpose::Access, &claims(*NOON)).unwrap();
    let looked_at: u64 = std::thread::scope(|scope| {
        let shares = (1..=THREADS).map(|seed| {
            let (good, other) = (&*good, other.expose());
            scope.spawn(move || look_at_changed(good, other, seed, mutations().div_ceil(THREADS)))
        });
        shares.collect::<Vec<_>>().into_iter().map(|share| share.join().unwrap()).sum()
    });
    assert!(looked_at > mutations() / 2, "only {looked_at} were other tokens");
}

/// Changes the good token so many times, here and there into another one; answers how many of them were no longer the
/// good one and were refused.
fn look_at_changed(good: &str, other: &str, seed: u64, count: u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed);
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    let mut looked_at = 0;
    for _ in 0..count {
        let mut token = good.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let at = random(token.len());
            match random(6) {
                0 => token[at] = u8::try_from(random(256)).unwrap(),
                1 => token[at] ^= 1 << random(8),
                2 if token.len() > 1 => drop(token.remove(at)),
                3 => token.insert(at, b"ABCabc019-_.="[random(13)]),
                4 => token.truncate(at.max(1)),
                _ => token.splice(at.., other.bytes().skip(at)).for_each(drop),
            }
        }
        let Ok(token) = String::from_utf8(token) else { continue };
        if token != good {
            assert!(!accepted(&token), "{token}");
            looked_at += 1;
        }
    }
    looked_at
}
