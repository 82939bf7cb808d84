//! Short names that tell the columns of the schedule apart.

use clinic_domain::directory::doctor::DoctorForm;
use clinic_domain::directory::name;

/// Characters that fit above a column.
const LONGEST: usize = 14;

/// A short name that none of `taken` is, when the one in the form is one of them; `None` when it is free. Names are
/// compared folded: what looks the same above a column is the same.
pub(super) fn free(form: &DoctorForm, taken: &[String]) -> Option<String> {
    let taken: Vec<String> = taken.iter().map(|name| name::fold(name)).collect();
    let is_free = |name: &String| !taken.contains(&name::fold(name));
    if is_free(&form.short_name) {
        return None;
    }
    let initial = form.given_names.trim().chars().next().map(|c| c.to_uppercase().to_string());
    let with_initial = initial.map(|initial| shortened(&form.short_name, &format!(" {initial}.")));
    // There are fewer doctors than numbers, so that one of these is free.
    let numbered = (2..=taken.len() + 2).map(|n| shortened(&form.short_name, &format!(" {n}")));
    with_initial.into_iter().chain(numbered).find(is_free)
}

/// A name with an ending, cut so that both fit.
fn shortened(name: &str, ending: &str) -> String {
    let room = LONGEST.saturating_sub(ending.chars().count());
    let cut: String = name.chars().take(room).collect();
    format!("{}{ending}", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinic_domain::scheduling::hours::WeeklyHours;

    fn form(short_name: &str) -> DoctorForm {
        DoctorForm {
            family_name: "Okafor".into(),
            given_names: "Ngozi".into(),
            short_name: short_name.into(),
            specialty_ids: Vec::new(),
            licence_number: String::new(),
            licence_until: None,
            phone: String::new(),
            email: String::new(),
            schedule: WeeklyHours(Vec::new()),
        }
    }

    fn taken(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_free_name_needs_no_other() {
        assert_eq!(free(&form("Okafor"), &taken(&["Lee", "Okafor N."])), None);
    }

    #[test]
    fn a_taken_name_gets_the_initial_and_then_a_number() {
        assert_eq!(free(&form("Okafor"), &taken(&["OKAFOR"])).as_deref(), Some("Okafor N."));
        assert_eq!(free(&form("Okafor"), &taken(&["Okafor", "Okafor N."])).as_deref(), Some("Okafor 2"));
        let three = taken(&["Okafor", "Okafor N.", "Okafor 2"]);
        assert_eq!(free(&form("Okafor"), &three).as_deref(), Some("Okafor 3"));
    }

    #[test]
    fn the_suggestion_fits_above_the_column() {
        let long = "Featherstonehaugh".chars().take(14).collect::<String>();
        let name = free(&form(&long), std::slice::from_ref(&long)).unwrap();
        assert_eq!(name, "Featherston N.");
        assert_eq!(name.chars().count(), 14);
    }
}
