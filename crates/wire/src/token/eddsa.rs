//! The one signature that tokens may carry: Ed25519 (RFC 8032). Whatever else a token names has no code to check it.

use std::sync::Once;

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use signature::{Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes the JSON Web Token library use this signature and no other, once in a process.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if PROVIDER.install_default().is_err() {
            unreachable!("nothing else in this program installs a provider");
        }
    });
}

struct Signing(SigningKey);
struct Checking(VerifyingKey);

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(message)?.to_vec())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl Verifier<Vec<u8>> for Checking {
    /// Strict: keys of small order and signatures that could be changed into another valid one are refused.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0.verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Checking {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

/// The key is the 32-byte seed of RFC 8032.
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    let seed = only(*algorithm, key.as_bytes())?;
    Ok(Box::new(Signing(SigningKey::from_bytes(seed))))
}

/// The key is the 32-byte public key of RFC 8032.
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let point = only(*algorithm, key.try_get_as_bytes()?)?;
    let key = VerifyingKey::from_bytes(point).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Checking(key)))
}

fn only(algorithm: Algorithm, key: &[u8]) -> Result<&[u8; 32], Error> {
    if algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    key.try_into().map_err(|_| ErrorKind::InvalidEddsaKey.into())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn every_other_algorithm_is_refused_even_with_a_key_of_the_right_length() {
        for algorithm in [Algorithm::HS256, Algorithm::RS256, Algorithm::ES256, Algorithm::PS512] {
            assert!(signer(&algorithm, &EncodingKey::from_secret(&[7; 32])).is_err());
            assert!(verifier(&algorithm, &DecodingKey::from_secret(&[7; 32])).is_err());
        }
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn the_signature_is_that_of_rfc_8032() {
        let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
        let signed = signer(&Algorithm::EdDSA, &EncodingKey::from_ed_der(&seed)).unwrap().sign(&[0x72]);
        assert_eq!(
            hex::encode(signed),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae\
             b4302aeeb00d291612bb0c00"
        );
    }

    /// RFC 8037, appendix A.4.
    #[test]
    fn the_signature_of_a_token_is_that_of_rfc_8037() {
        let bytes = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
        let key = DecodingKey::from_ed_der(&bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
        let key = verifier(&Algorithm::EdDSA, &key).unwrap();
        let signed =
            bytes("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        assert!(key.verify(message, &signed).is_ok());
        assert!(key.verify(&message[1..], &signed).is_err());
    }

    #[test]
    fn a_key_of_small_order_proves_nothing() {
        let weak = DecodingKey::from_ed_der(&[0; 32]);
        let checking = verifier(&Algorithm::EdDSA, &weak);
        assert!(checking.is_err() || checking.is_ok_and(|key| key.verify(b"", &vec![0; 64]).is_err()));
    }

    #[test]
    fn no_other_provider_was_installed_before() {
        install();
        assert!(PROVIDER.install_default().is_err_and(|there| std::ptr::eq(there, &raw const PROVIDER)));
    }
}
