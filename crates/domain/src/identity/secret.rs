//! What only its owner may know: passwords, PINs, codes, tokens, keys that people type. Judges nothing.
//!
//! A [`Secret`] comes in with a request, is handed about without being looked at, and is wiped when nobody needs it any
//! more. It can be read by [`Secret::expose`] alone, so that a search for that word finds every place that looks into one:
//!
//! ```
//! use clinic_domain::identity::secret::Secret;
//! let password: Secret = serde_json::from_str("\"kvass blurt fjord\"").unwrap();
//! println!("{}", password.expose().len());
//! ```
//!
//! Nothing prints one, whatever is derived around it:
//!
//! ```compile_fail,E0277
//! use clinic_domain::identity::secret::Secret;
//! let password: Secret = serde_json::from_str("\"kvass blurt fjord\"").unwrap();
//! println!("{:?}", password);
//! ```
//! ```compile_fail,E0277
//! use clinic_domain::identity::secret::Secret;
//! let password: Secret = serde_json::from_str("\"kvass blurt fjord\"").unwrap();
//! println!("{}", password);
//! ```
//!
//! Nothing compares two but [`Secret::fits`], which takes as long for a near guess as for a far one:
//!
//! ```
//! use clinic_domain::identity::secret::Secret;
//! assert!(Secret::from("4711").fits(b"4711"));
//! ```
//! ```compile_fail,E0369
//! use clinic_domain::identity::secret::Secret;
//! assert!(Secret::from("4711") == Secret::from("4711"));
//! ```
//!
//! There is one of each, as nobody can tell where copies go:
//!
//! ```
//! use clinic_domain::identity::secret::Secret;
//! let handed_on = Secret::from("4711");
//! drop(handed_on);
//! ```
//! ```compile_fail,E0599
//! use clinic_domain::identity::secret::Secret;
//! let handed_on = Secret::from("4711").clone();
//! drop(handed_on);
//! ```
//!
//! And none goes out with an answer, unless somebody says so for this one by making it a [`Disclosed`]:
//!
//! ```
//! use clinic_domain::identity::secret::Secret;
//! let first_password = Secret::from("kvass blurt fjord").disclose();
//! println!("{}", serde_json::to_string(&first_password).unwrap());
//! ```
//! ```compile_fail,E0277
//! use clinic_domain::identity::secret::Secret;
//! let first_password = Secret::from("kvass blurt fjord");
//! println!("{}", serde_json::to_string(&first_password).unwrap());
//! ```
//! ```compile_fail,E0277
//! use clinic_domain::identity::secret::Secret;
//! let first_password = Secret::from("kvass blurt fjord").disclose();
//! println!("{:?}", first_password);
//! ```

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use specta::datatype::DataType;
use specta::{Type, Types};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A text that only its owner may know (see the module).
#[derive(Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text, for whoever has to look at it: a rule, a hash, a cipher, the server that it is for.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is these bytes, in constant time for the same length.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(bytes).into()
    }

    /// Lets it out: into the one answer that shows it, or the letter that brings it.
    pub fn disclose(self) -> Disclosed {
        Disclosed(self)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl FromIterator<char> for Secret {
    fn from_iter<T: IntoIterator<Item = char>>(letters: T) -> Self {
        Self::from(letters.into_iter().collect::<String>())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // What came instead of a text is not repeated: a PIN may have come as a number.
        String::deserialize(from).map(Self::from).map_err(|_| D::Error::custom("not a text"))
    }
}

impl Type for Secret {
    fn definition(types: &mut Types) -> DataType {
        String::definition(types)
    }
}

/// A secret that goes out, once: it is in an answer or a letter because that is what these are for. Cannot be printed either.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Disclosed(Secret);

impl Disclosed {
    /// The text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Serialize for Disclosed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.expose())
    }
}

impl Type for Disclosed {
    fn definition(types: &mut Types) -> DataType {
        Secret::definition(types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_typed_and_goes_out_as_it_is() {
        let typed: Secret = serde_json::from_str("\" caf\u{e9} \\\"\\n\"").unwrap();
        assert_eq!(typed.expose(), " caf\u{e9} \"\n");
        assert_eq!(serde_json::to_string(&typed.disclose()).unwrap(), "\" caf\u{e9} \\\"\\n\"");
    }

    #[test]
    fn what_is_no_text_is_refused_without_being_repeated() {
        for sent in ["471108", "[\"471108\"]", "{\"pin\":471108}", "null"] {
            let refusal = serde_json::from_str::<Secret>(sent).map(drop).unwrap_err().to_string();
            assert!(!refusal.contains("471108"), "{refusal}");
        }
    }

    #[test]
    fn a_secret_fits_itself_alone() {
        let pin = Secret::from("4711");
        assert!(pin.fits(b"4711"));
        for other in ["", "471", "4712", "5711", "47110"] {
            assert!(!pin.fits(other.as_bytes()), "{other}");
        }
    }
}
