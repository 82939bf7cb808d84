//! How a figure is made so that noise does not decide: two programs in turns in the same run, time on the processor of
//! this thread alone, medians, and the median of several such ratios.

use std::time::{Duration, Instant};

use crate::Fault;

/// Repetitions of the whole comparison; the median ratio counts.
const REPEATS: usize = 5;
/// Turns of each program in one comparison.
const TURNS: usize = 21;
/// One turn runs a program about so long, so that the clock's own cost does not show.
const TURN: Duration = Duration::from_millis(2);

/// What came of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// One call, median.
    pub ours: Duration,
    /// The floor's call, median.
    pub floor: Duration,
    /// Median of the ratios.
    pub ratio: f64,
}

/// Time of this thread on a processor.
pub fn on_processor() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Compares the time on the processor of two programs.
pub fn compare(
    mut ours: impl FnMut() -> Result<(), Fault>,
    mut floor: impl FnMut() -> Result<(), Fault>,
) -> Result<Compared, Fault> {
    let calls = [calls_in_a_turn(&mut ours)?, calls_in_a_turn(&mut floor)?];
    let mut found = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let (mut a, mut b) = (Vec::with_capacity(TURNS), Vec::with_capacity(TURNS));
        for _ in 0..TURNS {
            a.push(turn(&mut ours, calls[0])?);
            b.push(turn(&mut floor, calls[1])?);
        }
        found.push((median(a), median(b)));
    }
    Ok(summary(&found))
}

/// Compares the wall time of two programs that wait for the disk, call by call in turns.
pub fn compare_waiting(
    turns: usize,
    mut ours: impl FnMut() -> Result<(), Fault>,
    mut floor: impl FnMut() -> Result<(), Fault>,
) -> Result<Compared, Fault> {
    let wall = |program: &mut dyn FnMut() -> Result<(), Fault>| {
        let start = Instant::now();
        program().map(|()| start.elapsed())
    };
    let mut found = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let (mut a, mut b) = (Vec::with_capacity(turns), Vec::with_capacity(turns));
        for _ in 0..turns {
            a.push(wall(&mut ours)?);
            b.push(wall(&mut floor)?);
        }
        found.push((median(a), median(b)));
    }
    Ok(summary(&found))
}

/// Warms a program up and says how many of its calls fill a turn.
fn calls_in_a_turn(program: &mut dyn FnMut() -> Result<(), Fault>) -> Result<u32, Fault> {
    turn(program, 3)?;
    let one = turn(program, 3)?;
    let calls = TURN.as_nanos() / one.as_nanos().max(1);
    Ok(u32::try_from(calls).unwrap_or(u32::MAX).clamp(1, 10_000))
}

/// One call of a program, taken from so many.
fn turn(program: &mut dyn FnMut() -> Result<(), Fault>, calls: u32) -> Result<Duration, Fault> {
    let start = on_processor();
    for _ in 0..calls {
        program()?;
    }
    Ok((on_processor() - start) / calls)
}

fn summary(found: &[(Duration, Duration)]) -> Compared {
    let mut ratios: Vec<f64> = found.iter().map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    Compared {
        ours: median(found.iter().map(|(a, _)| *a).collect()),
        floor: median(found.iter().map(|(_, b)| *b).collect()),
        ratio: ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
