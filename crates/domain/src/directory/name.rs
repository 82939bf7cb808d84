//! Names: how they are compared and how they are shown.
//!
//! Folding is for comparing and finding only, never for showing; what a person typed is kept as it is.

/// A text as it is compared: compatibility decomposition (NFKD) without marks, in lower case, letters such as `ß ø ł æ þ`
/// spelled with basic ones, apostrophes dropped, everything else that is no letter or digit a single blank, trimmed.
/// `O'Brien-Müller` becomes `obrien muller`. Idempotent.
pub fn fold(text: &str) -> String {
    let _ = text;
    todo!()
}

/// The words of a folded text, in order.
pub fn tokens(text: &str) -> Vec<String> {
    let _ = text;
    todo!()
}

/// "Surname, Given"; only the part there is when one is empty.
pub fn surname_first(family_name: &str, given_names: &str) -> String {
    let _ = (family_name, given_names);
    todo!()
}

/// "Surname, I."; the surname alone when there are no given names.
pub fn surname_initial(family_name: &str, given_names: &str) -> String {
    let _ = (family_name, given_names);
    todo!()
}

/// "Given Surname".
pub fn given_first(family_name: &str, given_names: &str) -> String {
    let _ = (family_name, given_names);
    todo!()
}

/// Up to two letters in upper case: the first of the given names and the first of the family name.
pub fn initials(family_name: &str, given_names: &str) -> String {
    let _ = (family_name, given_names);
    todo!()
}

/// The key by which a list is sorted: folded family name, then given names. Stored as `name_key`.
pub fn sort_key(family_name: &str, given_names: &str) -> String {
    let _ = (family_name, given_names);
    todo!()
}
