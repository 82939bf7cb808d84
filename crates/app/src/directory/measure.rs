//! How long searches and lists take on a large clinic (FD-3). Run by hand, in release:
//! `SIZE=100000 cargo test --release -p clinic-app directory::measure -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use clinic_domain::directory::name::fold;

use super::fixture::{Clinic, first_page};
use super::population::{Numbers, misspelt, populate};
use super::record::Patient;
use super::view::{ListPatients, PatientFilter, Search};
use crate::app::Actor;
use crate::paging::Paging;

/// The durations of `run` over the queries, sorted, and the processor time of one in the mean: what other programs on
/// the computer do to the former they do not do to the latter.
fn timed(queries: &[String], mut run: impl FnMut(&str)) -> (Vec<Duration>, Duration) {
    let before = processor_time();
    let mut durations: Vec<Duration> = queries
        .iter()
        .map(|query| {
            let start = Instant::now();
            run(query);
            start.elapsed()
        })
        .collect();
    durations.sort();
    (durations, (processor_time() - before) / u32::try_from(queries.len()).unwrap())
}

/// What this thread has had of a processor, as Linux counts it; nothing elsewhere.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn report(name: &str, (durations, mean): &(Vec<Duration>, Duration)) {
    let at = |percent: usize| durations[(durations.len() - 1) * percent / 100];
    println!("{name:32} cpu {mean:>9.1?}  p50 {:>9.1?}  p95 {:>9.1?}  max {:>9.1?}", at(50), at(95), at(100));
}

/// What people type, a thousand times each.
fn cases(people: &[Patient]) -> Vec<(&'static str, Vec<String>)> {
    let mut numbers = Numbers::new(9);
    let mut sample = |make: &dyn Fn(&Patient, &mut Numbers) -> String| -> Vec<String> {
        (0..1_000)
            .map(|_| make(&people[numbers.below(people.len())], &mut Numbers::new(numbers.next())))
            .collect()
    };
    let family = |patient: &Patient| fold(&patient.form.family_name);
    let full =
        |patient: &Patient| fold(&format!("{} {}", patient.form.given_names, patient.form.family_name));
    let prefix = |text: String, letters: usize| text.chars().take(letters).collect::<String>();
    vec![
        ("prefix of 3 letters", sample(&|p, _| prefix(family(p), 3))),
        ("prefix of 1 letter", sample(&|p, _| prefix(family(p), 1))),
        ("prefix of 5 letters", sample(&|p, _| prefix(family(p), 5))),
        (
            "given name and 2 letters",
            sample(&|p, _| format!("{} {}", fold(&p.form.given_names), prefix(family(p), 2))),
        ),
        ("full name", sample(&|p, _| full(p))),
        ("full name, one slip", sample(&|p, n| misspelt(n, &full(p)))),
        ("family name, one slip", sample(&|p, n| misspelt(n, &family(p)))),
        ("four digits", sample(&|p, n| p.form.phone[p.form.phone.len() - 4 - n.below(4)..][..4].to_owned())),
        ("birth date", sample(&|p, _| p.form.birth_date.unwrap().format("%d.%m.%Y").to_string())),
        ("nobody", sample(&|_, n| format!("qx{}", char::from(b'a' + n.below(26) as u8)))),
    ]
}

fn search(clinic: &Clinic, actor: &Actor, query: &str, limit: u32) {
    clinic.app.search_patients(actor, Search { query: query.into(), limit }).unwrap();
}

#[test]
#[ignore = "takes minutes and is to be read, not passed"]
fn searches_and_lists_are_measured() {
    let size = std::env::var("SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(100_000);
    let clinic = Clinic::new();
    let start = Instant::now();
    let people = populate(&clinic, size);
    let bytes = std::fs::metadata(clinic.folder().join("store.db")).unwrap().len();
    println!("{size} patients written in {:.1?}, {} bytes each", start.elapsed(), bytes / size as u64);
    let actor = clinic.admin();
    let cases = cases(&people);
    for limit in [8, 20] {
        for (name, queries) in &cases {
            timed(queries, |query| search(&clinic, &actor, query, limit));
            report(
                &format!("{name} ({limit})"),
                &timed(queries, |query| search(&clinic, &actor, query, limit)),
            );
        }
    }
    let store = clinic.app.store().unwrap();
    let floor = timed(&cases[0].1, |query| {
        store.read(|conn| super::store_search::floor_for_test(conn, query)).unwrap();
    });
    report("floor: index range, 20 rows", &floor);
    let middle = u32::try_from(size / 100).unwrap();
    let runs: Vec<String> = (0..20).map(|i| i.to_string()).collect();
    for (sort, page) in
        [("name", 0), ("born", 0), ("changed", 0), ("id", 0), ("name", middle), ("born", middle)]
    {
        let paging = Paging { page, ..first_page(sort) };
        let request = ListPatients { filter: PatientFilter::default(), paging };
        let times = timed(&runs, |_| {
            clinic.app.list_patients(&actor, request.clone()).unwrap();
        });
        report(&format!("list by {sort}, page {page}"), &times);
    }
}

#[test]
#[ignore = "a loop to look into with a profiler"]
fn one_search_again_and_again() {
    let clinic = Clinic::new();
    let people = populate(&clinic, 50_000);
    let (_, queries) = &cases(&people)[0];
    let actor = clinic.admin();
    for _ in 0..100 {
        queries.iter().for_each(|query| search(&clinic, &actor, query, 20));
    }
}
