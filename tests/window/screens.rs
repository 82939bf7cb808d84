//! Every screen of the list in `screens.txt`, and whatever opens over it, in every theme, empty and full: is it
//! accessible?

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;
use crate::repository::files;

const THEMES: [&str; 3] = ["light", "dark", "contrast"];

/// What covers a part of the page, else the page.
const SURFACE: &str = "dialog[open], [role=dialog], html:not(:has(dialog[open], [role=dialog]))";

/// Components that cover a part of the window for a task of its own.
const SURFACES: [&str; 6] = ["<Dialog", "<Sheet", "<SidePanel", "<SplitScreen", "<dialog", "role=\"dialog\""];

/// Where the routes of the interface are, and the tabs of its settings.
const ROUTES: &str = "ui/src/routes/routes.ts";
const TABS: &str = "ui/src/features/admin/settingsTabs.ts";

/// Leaves a folder as a start finds it.
type Prepare = fn(&Path);

/// How each start of the list begins, in the order in which one window can go through them: a folder that is once
/// claimed stays so.
const STARTS: [(&str, Prepare); 6] = [
    ("read-only", prepared::read_only),
    ("unreadable", prepared::unreadable),
    ("missing", prepared::without_its_key),
    ("newer", prepared::newer),
    ("passphrase", prepared::behind_a_passphrase),
    ("new", |_| ()),
];

/// One line of `screens.txt`.
struct Shown {
    name: &'static str,
    stores: &'static str,
    /// Behind `#/`; nothing when it goes on from the one before.
    address: Option<&'static str>,
    /// It is, or began as, the schedule.
    is_schedule: bool,
    way: Vec<&'static str>,
    surfaces: &'static str,
}

/// Every screen, in the order of the list.
fn screens() -> Vec<Shown> {
    let lines = include_str!("screens.txt").lines().map(str::trim);
    let mut screens: Vec<Shown> = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let before = screens.last().is_some_and(|shown| shown.is_schedule);
        screens.push(read(line, before));
    }
    screens
}

fn read(line: &'static str, after_the_schedule: bool) -> Shown {
    let mut cells = line.split('|').map(str::trim);
    let mut next = || cells.next().unwrap_or_default();
    let (name, stores, address) = (next(), next(), Some(next()).filter(|address| *address != "+"));
    let way = next().split("; ").map(str::trim).filter(|step| !step.is_empty()).collect();
    let is_schedule = address.map_or(after_the_schedule, |address| address.starts_with("schedule"));
    Shown { name, stores, address, is_schedule, way, surfaces: next() }
}

impl Shown {
    /// Its route, its tab of the settings, and what opens over it.
    fn shows(&self) -> impl Iterator<Item = &'static str> {
        let address = self.address.filter(|address| !address.is_empty());
        let route = address.and_then(|address| address.split('/').next());
        let tab = address.filter(|address| address.starts_with("settings/"));
        self.surfaces.split_whitespace().chain(route).chain(tab)
    }
}

impl Desk {
    /// Goes to a screen as the list says.
    async fn walk_to(&self, shown: &Shown) {
        if let Some(address) = shown.address {
            self.begin_anew(address).await;
        }
        for step in &shown.way {
            self.step(step).await;
        }
    }

    /// Loads the page again at an address: no draft, no dialog and no focus of another screen is left. Once more where
    /// the schedule, still loading, wrote its own address in between.
    async fn begin_anew(&self, address: &str) {
        let hash = vec![json!(format!("#/{address}"))];
        loop {
            self.js("history.replaceState(null, '', arguments[0])", hash.clone()).await;
            self.reload().await;
            let script = "return document.readyState === 'complete' && !!document.querySelector('#app > *')";
            self.until("the page", script).await;
            if self.js("return location.hash.startsWith(arguments[0])", hash.clone()).await == json!(true) {
                break;
            }
        }
    }

    /// Goes through the screens, and says what is wrong with any of them in any theme.
    async fn examine(&self, state: &str, screens: &[&Shown]) -> Vec<String> {
        assert!(!screens.is_empty(), "nothing to look at in {state}");
        let mut found = Vec::new();
        for shown in screens {
            self.walk_to(shown).await;
            for theme in THEMES {
                self.js("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await;
                self.picture(&format!("screens/{state}/{theme}/{}", shown.name)).await;
                // What lies behind a surface was looked at on a line of its own.
                let part = if theme == THEMES[0] { "html" } else { SURFACE };
                let violations = self.violations_of(part).await;
                found.extend(violations.iter().map(|one| format!("{state}, {theme}, {}: {one}", shown.name)));
            }
            self.js("document.documentElement.dataset.theme = 'light'", Vec::new()).await;
        }
        found
    }

    async fn step(&self, step: &str) {
        let (verb, what) = step.split_once(' ').unwrap_or((step, ""));
        match verb {
            "press" => {
                let (key, times) = what.split_once(' ').unwrap_or((what, "1"));
                for _ in 0..times.parse().unwrap() {
                    self.press(key).await;
                }
            }
            "type" => self.type_text(what).await,
            "click" => self.click(what).await,
            "point" => self.point_at(what).await,
            "fill" => {
                let (label, text) = what.split_once(" = ").unwrap();
                self.fill(label, text).await;
            }
            "see" => {
                let script = "return !!document.querySelector(arguments[0])";
                self.until_with(what, script, vec![json!(what)]).await;
            }
            "read" => self.until_shown(what).await,
            "run" => drop(self.js(what, Vec::new()).await),
            _ => panic!("nobody knows how to {step}"),
        }
        self.settle().await;
    }
}

/// What of the interface no screen of the list shows, and names in the list that nothing has.
fn faults(screens: &[Shown]) -> Vec<String> {
    let listed: BTreeSet<String> = screens.iter().flat_map(Shown::shows).map(ToOwned::to_owned).collect();
    let known = known();
    let missing = known.difference(&listed).map(|name| format!("{name} is on no line of screens.txt"));
    let gone = listed.difference(&known).map(|name| format!("screens.txt names {name}, which is not there"));
    missing.chain(gone).collect()
}

/// Every route, every tab of the settings, and every component outside the library that is a surface.
fn known() -> BTreeSet<String> {
    let files = files();
    let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    let routes =
        text(ROUTES).lines().filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","));
    let tabs = text(TABS).split_once("tabs = [").unwrap().1.split_once(']').unwrap().0.split(',');
    let tabs = tabs.map(|tab| format!("settings/{}", tab.trim().trim_matches('"')));
    let surfaces = files.iter().filter_map(|file| {
        let component = file.path.strip_prefix("ui/src/")?.strip_suffix(".svelte")?;
        let is_surface = SURFACES.iter().any(|mark| file.text.contains(mark));
        (is_surface && !component.starts_with("lib/components/")).then_some(component.rsplit('/').next()?)
    });
    routes.chain(surfaces).map(ToOwned::to_owned).chain(tabs).collect()
}

#[test]
fn every_route_and_surface_is_on_the_list() {
    let known = known();
    for name in ["schedule", "settings/hours", "CancelSheet", "TwinsDialog", "PaletteDialog", "StoreNewer"] {
        assert!(known.contains(name), "{name} was not found in the interface");
    }
    assert_eq!(faults(&screens()), Vec::<String>::new());
}

#[test]
fn a_screen_that_is_not_on_the_list_is_found() {
    let without = |name: &str| {
        let mut screens = screens();
        screens.retain(|shown| shown.name != name);
        faults(&screens)
    };
    assert!(without("cancel").contains(&"CancelSheet is on no line of screens.txt".to_owned()));
    assert!(without("settings-rules").contains(&"settings/rules is on no line of screens.txt".to_owned()));
}

/// Looks at the screens of a store that `wanted` picks, as its administrator.
fn examine_store(state: &'static str, prepare: Prepare, wanted: fn(&Shown) -> bool) {
    examine_store_as("ada", state, prepare, wanted);
}

fn examine_store_as(login: &'static str, state: &'static str, prepare: Prepare, wanted: fn(&Shown) -> bool) {
    at_a_desk(prepare, |desk| async move {
        desk.sign_in(login).await;
        let all = screens();
        // "both" is the clinic without anybody and the one that is full.
        let both = ["empty", "full"].contains(&state);
        let of_this_store =
            |shown: &&Shown| (shown.stores == state || both && shown.stores == "both") && wanted(shown);
        let found = desk.examine(state, &all.iter().filter(of_this_store).collect::<Vec<_>>()).await;
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    });
}

#[test]
fn every_screen_of_an_empty_clinic_is_accessible() {
    examine_store("empty", prepared::bare, |_| true);
}

#[test]
fn the_schedule_of_a_full_clinic_is_accessible() {
    examine_store("full", prepared::full, |shown| shown.is_schedule);
}

#[test]
fn every_other_screen_of_a_full_clinic_is_accessible() {
    examine_store("full", prepared::full, |shown| !shown.is_schedule);
}

#[test]
fn every_screen_of_an_emergency_is_accessible() {
    examine_store_as("lee", "ward", prepared::ward, |_| true);
    examine_store("review", prepared::ward_after_an_emergency, |_| true);
}

#[test]
fn every_start_is_accessible() {
    at_a_desk(prepared::read_only, |desk| async move {
        let all = screens();
        let mut found = Vec::new();
        for (start, prepare) in STARTS {
            prepared::replace(&desk.data(), prepare);
            let of_this_start: Vec<_> = all.iter().filter(|shown| shown.stores == start).collect();
            found.extend(desk.examine(start, &of_this_start).await);
        }
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    });
}

#[test]
fn every_screen_of_a_store_that_its_staff_opens_is_accessible() {
    at_a_desk(prepared::for_its_staff, |desk| async move {
        let all = screens();
        let closed: Vec<_> = all.iter().filter(|shown| shown.stores == "staff").collect();
        let found = desk.examine("staff", &closed).await;
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    });
}

#[test]
fn no_screen_is_looked_at_before_it_is_there() {
    let waits =
        |shown: &Shown| shown.way.iter().any(|step| step.starts_with("see ") || step.starts_with("read "));
    let early: Vec<_> = screens().iter().filter(|shown| !waits(shown)).map(|shown| shown.name).collect();
    assert_eq!(early, Vec::<&str>::new());
}

#[test]
fn each_screen_is_looked_at_in_a_store_that_there_is() {
    let stores = ["empty", "full", "both", "mail", "ward", "review", "staff"];
    let stores = stores.into_iter().chain(STARTS.map(|(start, _)| start));
    let stores: Vec<_> = stores.collect();
    let lost: Vec<_> =
        screens().iter().filter(|shown| !stores.contains(&shown.stores)).map(|shown| shown.name).collect();
    assert_eq!(lost, Vec::<&str>::new());
}
