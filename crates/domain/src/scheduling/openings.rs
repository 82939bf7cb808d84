//! Many days of many doctors: what is open, and the next free slots (AP-3, FD-4).
//!
//! What a day is for everybody ([`Day`]) and what a week is for a doctor ([`Week`]) are made once; a doctor's day is then
//! a few operations on words. It says the same as [`super::availability::open_ticks`], which explains one day.

use super::availability::{ahead, grid_starts};
use super::booking::{BookingPolicy, DoctorDay};
use super::day::{closed_mask, dated_open, takes_time_off, week_masks};
use super::mask::{DayClock, DayMask, TICK_MINUTES};
use crate::id::DoctorId;
use crate::time::{Datelike, Fold, Instant, NaiveDate};

/// What a day is for every doctor.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    clock: DayClock,
    closed: DayMask,
    ahead: DayMask,
    grid: DayMask,
    weekday: usize,
}

impl Day {
    /// A date under the clinic's rules, as it is at `now`.
    pub fn new(date: NaiveDate, policy: &BookingPolicy, now: Instant) -> Self {
        let clock = DayClock::new(date, policy.zone);
        Self {
            clock,
            closed: closed_mask(date, policy),
            ahead: ahead(&clock, policy.slot_minutes, now),
            grid: clock.aligned(policy.slot_minutes),
            weekday: date.weekday().num_days_from_monday() as usize,
        }
    }

    /// Its ticks and wall clock.
    pub fn clock(&self) -> &DayClock {
        &self.clock
    }

    /// The ticks that lie ahead ([`ahead`]).
    pub fn ahead(&self) -> DayMask {
        self.ahead
    }

    /// The ticks at which an appointment of `minutes` may start in `free` ([`super::availability::starts`]).
    pub fn starts(&self, free: DayMask, minutes: u16) -> DayMask {
        grid_starts(self.grid, free, minutes)
    }
}

/// A doctor's open time on every weekday, as the doctor's template and the clinic's hours leave it.
#[derive(Debug, Clone, Copy)]
pub struct Week<'d> {
    doctor: &'d DoctorDay,
    open: [DayMask; 7],
}

impl<'d> Week<'d> {
    /// A doctor's week.
    pub fn new(policy: &BookingPolicy, doctor: &'d DoctorDay) -> Self {
        Self { doctor, open: week_masks(policy, doctor) }
    }

    /// The ticks of a day in which the doctor can be booked, booked or not.
    pub fn open(&self, day: &Day) -> DayMask {
        day.clock.ticks_of_wall(dated_open(self.regular(day), day.clock.date(), self.doctor))
    }

    /// Whether the doctor is away all day: there would be open time, and time off takes all of it.
    pub fn is_away(&self, day: &Day) -> bool {
        takes_time_off(day.clock.date(), self.doctor)
            && self.open(day).is_empty()
            && !day.clock.ticks_of_wall(self.regular(day)).is_empty()
    }

    fn regular(&self, day: &Day) -> DayMask {
        self.open.get(day.weekday).copied().unwrap_or_default().and_not(day.closed)
    }
}

/// A free slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opening {
    /// With whom.
    pub doctor: DoctorId,
    /// Local date.
    pub date: NaiveDate,
    /// Wall-clock minute at which it starts, on the slot grid.
    pub start: u16,
    /// Which of the two when that minute happens twice.
    pub fold: Option<Fold>,
    /// Free minutes from there.
    pub minutes: u16,
}

/// A search for free slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSearch {
    /// From this day on.
    pub from: NaiveDate,
    /// From this wall-clock minute on, on the first day.
    pub from_minute: u16,
    /// How many days, the first included.
    pub days: u16,
    /// At least this long, in minutes; a multiple of five.
    pub minutes: u16,
    /// How many at most.
    pub limit: usize,
}

/// The first free slots of several doctors, by time and then in the doctors' order. `booked` is asked day by day, no
/// further than needed and only for days on which somebody has open time ahead: it takes the booked ticks of every
/// doctor, in their order, out of what it is given. A length that no booking may have finds nothing.
///
/// # Errors
/// Those of `booked`.
pub fn next_free<E>(
    search: &FreeSearch,
    policy: &BookingPolicy,
    doctors: &[(DoctorId, &DoctorDay)],
    now: Instant,
    mut booked: impl FnMut(NaiveDate, &mut [DayMask]) -> Result<(), E>,
) -> Result<Vec<Opening>, E> {
    let mut found = Vec::new();
    if search.minutes > policy.longest_minutes {
        return Ok(found);
    }
    let weeks: Vec<_> = doctors.iter().map(|(_, doctor)| Week::new(policy, doctor)).collect();
    let mut free = vec![DayMask::EMPTY; doctors.len()];
    let mut starts = Vec::new();
    for date in search.from.iter_days().take(search.days.into()) {
        if found.len() >= search.limit {
            break;
        }
        let day = Day::new(date, policy, now);
        let mut any = false;
        for (free, week) in free.iter_mut().zip(&weeks) {
            *free = week.open(&day).and(day.ahead);
            any |= !free.is_empty();
        }
        if !any {
            continue;
        }
        booked(date, &mut free)?;
        let earliest = if date == search.from { search.from_minute } else { 0 };
        starts.clear();
        for (doctor, free) in free.iter().enumerate() {
            let ticks = day.starts(*free, search.minutes).ticks();
            starts
                .extend(ticks.filter(|tick| day.clock.wall(*tick).0 >= earliest).map(|tick| (tick, doctor)));
        }
        starts.sort_unstable();
        let wanted = starts.iter().take(search.limit - found.len());
        found.extend(
            wanted.filter_map(|&(tick, at)| {
                Some(opening(&day.clock, *free.get(at)?, tick, doctors.get(at)?.0))
            }),
        );
    }
    Ok(found)
}

/// The opening that starts at a tick.
fn opening(clock: &DayClock, free: DayMask, tick: u16, doctor: DoctorId) -> Opening {
    let (start, fold) = clock.wall(tick);
    let end = clock.whole().and_not(free).first(tick).unwrap_or(clock.ticks());
    Opening { doctor, date: clock.date(), start, fold, minutes: (end - tick) * TICK_MINUTES }
}

/// Openings sorted by their distance from a wanted time, nearest first, at most `limit`; of two equally far ones the
/// earlier.
pub fn nearest(mut openings: Vec<Opening>, date: NaiveDate, minute: u16, limit: usize) -> Vec<Opening> {
    let minutes_from = |opening: &Opening| {
        (opening.date - date).num_days() * 1440 + i64::from(opening.start) - i64::from(minute)
    };
    openings.sort_by_key(|opening| (minutes_from(opening).abs(), minutes_from(opening)));
    openings.truncate(limit);
    openings
}
