//! Texts that somebody may have typed into any field, and where the services accept them (W9): every text of every request,
//! found in the requests themselves, so that a field that is added is filled as well.

use std::collections::BTreeMap;

use clinic_app::contract::{Access, COMMANDS};
use clinic_app::directory::emergency::view::{EndEmergency, OpenInEmergency};
use serde_json::{Value, json};

use crate::ipc::page::Page;
use crate::ipc::policy::name_of;

/// What ends the place that a text may be put into: an attribute, an element, a comment, a template of a script.
const ENDS: [&str; 10] =
    ["", "\">", "'>", "</p>", "</title>", "</textarea>", "</script>", "-->", "`}", "]]>"];

/// Markup and addresses that run `ran=1` where they are taken for more than text.
const BODIES: [&str; 34] = [
    "<script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    "<svg onload=ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<details open ontoggle=ran=1>",
    "<a href=javascript:ran=1 autofocus onfocus=ran=1>go</a>",
    "<input autofocus onfocus=ran=1>",
    "<video><source onerror=ran=1></video>",
    "<object data=javascript:ran=1></object>",
    "<form><button formaction=javascript:ran=1>go</button></form>",
    "<svg><animate onbegin=ran=1 attributeName=x dur=1s>",
    "<style>*{display:none}</style>",
    "{@html '<img src=x onerror=ran=1>'}",
    "javascript:ran=1",
    "<sCrIpT>ran=1</ScRiPt>",
    "<img/src=x/onerror=ran=1>",
    "<svg/onload=ran=1>",
    "' onmouseover='ran=1",
    "\" autofocus onfocus=\"ran=1",
    "${ran=1}",
    "{{constructor.constructor('ran=1')()}}",
    "&lt;img src=x onerror=ran=1&gt;",
    "&#60;img src=x onerror=ran=1&#62;",
    "<body onload=ran=1>",
    "<marquee onstart=ran=1>x</marquee>",
    "<audio src=x onerror=ran=1></audio>",
    "<embed src=javascript:ran=1>",
    "<base href=javascript:ran=1//>",
    "<link rel=stylesheet href=x onerror=ran=1>",
    "<meta http-equiv=refresh content='0;url=javascript:ran=1'>",
    "<math><mi href=javascript:ran=1>x</mi></math>",
    "<template><img src=x onerror=ran=1></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=ran=1>\">",
    "<select autofocus onfocus=ran=1><option>x</select>",
];

/// How many of them every field is offered: the worst, which come first.
const WORST: usize = 14;

/// How many every field accepts that accepts any.
const LEAST: usize = 12;

/// Fields that are no free text: dates, addresses, numbers, names of a few letters, and what is one of a list.
const TYPED: [&str; 32] = [
    "birth_date",
    "cancel_reason",
    "channel",
    "colour",
    "date",
    "density",
    "email",
    "from",
    "from_address",
    "host",
    "kind",
    "language",
    "log_code",
    "month",
    "note",
    "phone",
    "phone_other",
    "protection",
    "reason",
    "reply_to",
    "role",
    "room",
    "security",
    "sex",
    "short_name",
    "sort",
    "theme",
    "time_zone",
    "to",
    "until",
    "user_name",
    "words",
];

/// What fits into a field of a few letters.
const SHORT: [&str; 26] = [
    "<img src=x>",
    "<math>",
    "\"><math>",
    "'><math>",
    "--><math>",
    "]]><math>",
    "<math/x>",
    "<base>",
    "<audio>",
    "<video>",
    "<embed>",
    "<object>",
    "<math/>",
    "<audio/>",
    "<embed/>",
    "<base/>",
    "<math ",
    "<base ",
    "<p>",
    "<b>",
    "<i>",
    "<u>",
    "<s>",
    "<q>",
    "<a>",
    "<hr>",
];

/// Each with each end before it.
pub fn variants() -> Vec<String> {
    ENDS.iter().flat_map(|end| BODIES.iter().map(move |body| format!("{end}{body}"))).collect()
}

/// Fields that hold a secret, which is never shown.
const SECRET: [&str; 6] = ["password", "current", "passphrase", "pin", "code", "recovery_key"];

/// Commands that keep nothing of their texts, and those of a doctor, who sends them below.
const LEFT_OUT: [&str; 4] = ["send_test_mail", "preview_import", "open_in_emergency", "extend_emergency"];

/// Where texts are in a request, as JSON pointers: whatever is a string, and no id.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.parse::<uuid::Uuid>().is_err() => found.push(at.to_owned()),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(nth, value)| texts(value, &format!("{at}/{nth}"), found));
        }
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !SECRET.contains(&name.as_str())) {
                texts(value, &format!("{at}/{name}"), found);
            }
        }
        _ => (),
    }
}

/// A request with something in the lists that its template leaves empty.
fn request(page: &Page, command: &'static str) -> Value {
    let mut arguments = page.arguments(command, true);
    let request = &mut arguments["request"];
    match command {
        "add_patient" | "edit_patient" => {
            request["form"]["alerts"] = json!([{ "kind": "allergy", "text": "Latex" }]);
            request["form"]["emergency_contacts"] =
                json!([{ "name": "Bea", "relation": "Sister", "phone": "+1 212 555 0123" }]);
        }
        // Who signs in afterwards, and whom nobody was sent a code for yet.
        "edit_profile" => request["user_name"] = json!("ada"),
        "register" => request["email"] = json!(format!("bea{}@mail.example", page.app.new_id().unwrap())),
        "edit_clinic" => {
            request["closed_days"] = json!([{ "date": "2027-12-24", "span": null, "name": "Christmas Day" }]);
        }
        _ => (),
    }
    arguments
}

/// A table of accounts with the payload as both names.
fn in_a_table(table: &Value, payload: &str) -> Value {
    let cell = format!("\"{}\"", payload.replace('"', "\"\""));
    json!(table.as_str().unwrap().replace("Zoe", &cell).replace("Ng", &cell))
}

/// Sends a request with the payload in every one of its texts that accepts it; says which they are.
fn send(
    page: &Page,
    command: &'static str,
    plain: &Value,
    mut filled: Vec<String>,
    payload: &str,
) -> Vec<String> {
    loop {
        let mut arguments = plain.clone();
        for place in &filled {
            let text = arguments.pointer_mut(place).unwrap();
            *text = match place.split('/').nth(3) {
                _ if command == "import_accounts" => in_a_table(text, payload),
                // No two types of appointments have one name.
                Some(nth) if place.contains("appointment_types") => json!(format!("{payload}{nth}")),
                _ => json!(payload),
            };
        }
        let Err(error) = page.call(name_of(command), arguments) else { return filled };
        let before = filled.len();
        for wrong in error["fields"].as_array().into_iter().flatten() {
            let field = wrong["field"].as_str().unwrap_or_default().replace(['.', '['], "/").replace(']', "");
            let field = format!("/{field}");
            filled.retain(|place| !place.ends_with(&field));
        }
        assert!(filled.len() < before, "{command} is refused for another reason: {error}");
    }
}

/// Which fields were offered payloads, and how many each accepted.
pub struct Filled(BTreeMap<String, usize>);

impl Filled {
    fn offer(&mut self, page: &Page, command: &'static str, payload: &str) {
        let (plain, mut offered) = (request(page, command), Vec::new());
        texts(&plain, "", &mut offered);
        for place in &offered {
            self.0.entry(format!("{command}{place}")).or_insert(0);
        }
        for place in send(page, command, &plain, offered, payload) {
            *self.0.get_mut(&format!("{command}{place}")).unwrap() += 1;
        }
    }

    /// How many texts hold a payload.
    pub fn texts(&self) -> usize {
        self.0.values().sum()
    }

    /// Fields that accepted none though they are free text, or too few.
    pub fn with_too_few(&self) -> Vec<String> {
        let is_typed = |name: &str| name.rsplit('/').next().is_some_and(|last| TYPED.contains(&last));
        let few = self.0.iter().filter(|(name, times)| **times < LEAST && !(**times == 0 && is_typed(name)));
        few.map(|(name, times)| format!("{name}: {times}")).collect()
    }

    /// How many fields hold a payload.
    pub fn fields(&self) -> usize {
        self.0.values().filter(|times| **times > 0).count()
    }
}

/// Offers the worst payloads, and the shortest, to every text of every request, and all of them to those of patients.
pub fn fill(page: &Page) -> Filled {
    let mut filled = Filled(BTreeMap::new());
    take_to_room(page, "<svg onload=ran=1>");
    let at_work = COMMANDS.iter().filter(|(_, access)| *access != Access::Open).map(|(command, _)| *command);
    let commands = at_work.filter(|command| !LEFT_OUT.contains(command));
    for command in commands.chain(["change_status:cancel", "register"]) {
        let mut any = Vec::new();
        texts(&request(page, command), "", &mut any);
        // Twenty codes an hour are sent from one desk, some of them to make these requests.
        let short = SHORT.iter().take(if command == "register" { 0 } else { SHORT.len() });
        if !any.is_empty() {
            BODIES.iter().take(WORST).chain(short).for_each(|payload| filled.offer(page, command, payload));
        }
    }
    variants().iter().for_each(|payload| filled.offer(page, "add_patient", payload));
    BODIES.iter().take(WORST).for_each(|payload| open_in_emergency(page, payload));
    // Signing in shall take the password alone.
    page.second_factor(false);
    filled
}

/// Dr Lee opens the record of somebody else's patient for a reason in these words, and goes on for another.
fn open_in_emergency(page: &Page, words: &str) {
    let doctor = page.clinic.doctor();
    let mut request = page.emergency("open_in_emergency");
    request["words"] = json!(words);
    let request: OpenInEmergency = serde_json::from_value(request).unwrap();
    let id = page.app.open_in_emergency(&doctor, request).unwrap().id;
    let more = json!({ "id": id, "reason": "needs_treatment", "words": words });
    page.app.extend_emergency(&doctor, serde_json::from_value(more).unwrap()).unwrap();
    page.app.end_emergency(&doctor, EndEmergency { id }).unwrap();
}

/// A patient of today is taken to a room of this name.
fn take_to_room(page: &Page, room: &str) {
    let mut booked = page.booked_today(true).appointment;
    for (to, room) in [("arrived", ""), ("in_room", room)] {
        let step = json!({ "id": booked.id, "rev": booked.rev, "to": to, "cancel_reason": null, "note": "", "room": room });
        let step = serde_json::from_value(step).unwrap();
        booked = page.app.change_status(&page.clinic.front_desk(), step).unwrap().appointment;
    }
}
