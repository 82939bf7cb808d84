//! Invented patients: names from many languages, birth dates, fictional phone numbers. Nobody here exists.

use clinic_domain::directory::patient::{
    Alert, AlertKind, ContactChannel, EmergencyContact, PatientForm, Sex,
};
use clinic_domain::id::DoctorId;
use clinic_domain::time::{Days, NaiveDate};

use super::dice::Dice;

/// One hundred people: family name, given names, gender. Every family name is there once, so that a day reads well.
const PEOPLE: [(&str, &str, Sex); 100] = {
    use Sex::{Female as F, Male as M};
    [
        ("Okonkwo-Bello", "Amara", F),
        ("García Márquez", "Lucía", F),
        ("Wiśniewska", "Agnieszka", F),
        ("Vandenberghe", "Pieter", M),
        ("Kowalczyk", "Tomasz", M),
        ("Ó Briain", "Cormac", M),
        ("Abdullahi", "Zainab", F),
        ("Yamamoto", "Haruka", F),
        ("Papadopoulos", "Nikos", M),
        ("Hernández", "Valeria", F),
        ("Takahashi", "Kenji", M),
        ("Schäfer", "Jürgen", M),
        ("Dubois", "Élodie", F),
        ("Mbeki", "Nomvula", F),
        ("Johansson", "Astrid", F),
        ("Rossi", "Giulia", F),
        ("Novák", "Pavel", M),
        ("Petrenko", "Oksana", F),
        ("Da Costa Figueiredo", "Tomás", M),
        ("Ibrahim", "Zahra", F),
        ("Larsen", "Bjørn", M),
        ("Müller", "Hannelore", F),
        ("Moreau", "Étienne", M),
        ("Popescu", "Ioana", F),
        ("Cohen", "David", M),
        ("Adeyemi", "Babatunde", M),
        ("Castillo", "Rosa", F),
        ("Ferreira", "João", M),
        ("Singh", "Gurpreet", M),
        ("Zhang", "Wei", M),
        ("O’Connor", "Siobhán", F),
        ("Alemu", "Tsehay", F),
        ("Hassan", "Yusuf", M),
        ("López", "Mateo", M),
        ("Bauer", "Liesl", F),
        ("Mensah", "Efua", F),
        ("Ortiz", "Camila", F),
        ("Farah", "Amina", F),
        ("Kaya", "Elif", F),
        ("Jovanović", "Milica", F),
        ("Dlamini", "Sibusiso", M),
        ("Chen", "Li Na", F),
        ("Baptiste", "Marcel", M),
        ("Yılmaz", "Deniz", F),
        ("Haile", "Tsegaye", M),
        ("Robinson", "Claire", F),
        ("Szabó", "Zoltán", M),
        ("Mohamud", "Hodan", F),
        ("Costa", "Rafaela", F),
        ("Weber", "Lukas", M),
        ("Diallo", "Aïssatou", F),
        ("Romano", "Stefano", M),
        ("Ali", "Noura", F),
        ("Brandt", "Karoline", F),
        ("Pereira", "Joaquim", M),
        ("Khoury", "Rami", M),
        ("Eriksson", "Astrid", F),
        ("Gutiérrez", "Fernanda", F),
        ("Suzuki", "Mio", F),
        ("Banerjee", "Anjali", F),
        ("Fischer", "Matthias", M),
        ("Mwangi", "Joseph", M),
        ("Laurent", "Patrice", M),
        ("Ramírez", "Diego", M),
        ("Hoffmann", "Greta", F),
        ("Bianchi", "Luca", M),
        ("Tesfaye", "Selam", F),
        ("Jensen", "Freja", F),
        ("Benali", "Yasmine", F),
        ("Patel", "Kavita", F),
        ("Ribeiro", "Beatriz", F),
        ("Nikolić", "Dragan", M),
        ("Chowdhury", "Farzana", F),
        ("Sato", "Ren", M),
        ("Murphy", "Declan", M),
        ("Sharma", "Priya", F),
        ("Lam", "Ka Wai", F),
        ("Horvat", "Ivana", F),
        ("Andersson", "Elsa", F),
        ("Traoré", "Fatoumata", F),
        ("Reyes", "Tomás", M),
        ("Hughes", "Bethan", F),
        ("Levy", "Noa", F),
        ("Kamau", "Peter", M),
        ("Volkov", "Dmitri", M),
        ("Santos", "Luana", F),
        ("Meyer", "Friederike", F),
        ("Aziz", "Hamid", M),
        ("Fofana", "Kadiatou", F),
        ("Park", "Ji-hoon", M),
        ("Leclerc", "Nathalie", F),
        ("Vargas", "Sebastián", M),
        ("Omondi", "Achieng", F),
        ("Kovács", "Bence", M),
        ("Rahimi", "Parisa", F),
        ("Okeke", "Uchenna", M),
        ("Delgado", "Inés", F),
        ("Cho", "Min-jun", M),
        ("Nguyễn", "Thị Hồng", F),
        ("Álvarez-Buylla Menéndez de Luarca", "María del Carmen", F),
    ]
};

const STREETS: [&str; 8] = [
    "Alder Court",
    "Harbour Street",
    "Mill Lane",
    "Northgate Plaza",
    "Orchard Road",
    "Quarry Hill",
    "River Walk",
    "Station Avenue",
];
const ALERTS: [(AlertKind, &str); 6] = [
    (AlertKind::Allergy, "Penicillin: anaphylaxis"),
    (AlertKind::Allergy, "Latex"),
    (AlertKind::Allergy, "Ibuprofen: rash"),
    (AlertKind::Risk, "Takes blood thinners"),
    (AlertKind::Access, "Needs a step-free room"),
    (AlertKind::Access, "Interpreter, book ahead"),
];
const LANGUAGES: [&str; 6] = ["en", "en", "en", "es", "fr", "ar"];

/// The patients, as forms that the rules accept. `today` bounds their birth dates.
pub(super) fn patients(dice: &mut Dice, today: NaiveDate, doctors: &[DoctorId]) -> Vec<PatientForm> {
    PEOPLE.iter().enumerate().map(|(i, person)| patient(dice, i, *person, today, doctors)).collect()
}

fn patient(
    dice: &mut Dice,
    i: usize,
    (family, given, sex): (&str, &str, Sex),
    today: NaiveDate,
    doctors: &[DoctorId],
) -> PatientForm {
    let days_old = 400 + dice.below(88 * 365) as u64;
    let grown_up = days_old > 18 * 365;
    PatientForm {
        family_name: family.to_owned(),
        given_names: given.to_owned(),
        called: String::new(),
        birth_date: today.checked_sub_days(Days::new(days_old)),
        sex,
        is_pregnant: (sex == Sex::Female && grown_up && days_old < 45 * 365).then(|| dice.chance(8)),
        phone: format!("+1555{:03}{:04}", 10 + i % 9, 1000 + dice.below(9000)),
        phone_other: String::new(),
        email: if dice.chance(70) {
            format!("{}{}@mail.example", letters(family), i + 1)
        } else {
            String::new()
        },
        street: format!("{} {}", 1 + dice.below(240), dice.pick(&STREETS).copied().unwrap_or_default()),
        city: "Northgate".to_owned(),
        post_code: format!("{:05}", 10_460 + dice.below(9)),
        language: dice.pick(&LANGUAGES).copied().unwrap_or_default().to_owned(),
        channel: *dice
            .pick(&[ContactChannel::Sms, ContactChannel::Sms, ContactChannel::Call, ContactChannel::Email])
            .unwrap_or(&ContactChannel::Call),
        emergency_contacts: if dice.chance(35) { vec![contact(dice, i, family)] } else { Vec::new() },
        alerts: if dice.chance(16) { alert(dice).into_iter().collect() } else { Vec::new() },
        doctor_id: dice.pick(doctors).copied(),
        notes: String::new(),
    }
}

/// The plain Latin letters of a name, for an address.
fn letters(name: &str) -> String {
    clinic_domain::directory::name::fold(name).chars().filter(char::is_ascii_alphanumeric).take(16).collect()
}

fn contact(dice: &mut Dice, i: usize, family: &str) -> EmergencyContact {
    let (name, relation) = *dice
        .pick(&[("Kim", "Partner"), ("Alex", "Brother"), ("Sam", "Sister"), ("Robin", "Parent")])
        .unwrap_or(&("Kim", "Partner"));
    EmergencyContact {
        name: format!("{name} {family}"),
        relation: relation.to_owned(),
        phone: format!("+1555{:03}{:04}", 20 + i % 9, 1000 + dice.below(9000)),
    }
}

fn alert(dice: &mut Dice) -> Option<Alert> {
    dice.pick(&ALERTS).map(|(kind, text)| Alert { kind: *kind, text: (*text).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_hundred_people_and_no_family_name_twice() {
        let names: std::collections::BTreeSet<_> = PEOPLE.iter().map(|(family, ..)| family).collect();
        assert_eq!(names.len(), 100);
    }
}
