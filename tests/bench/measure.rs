//! How a figure is made so that noise does not decide: programs in turns in the same run, medians, and the median of
//! several such comparisons.

use std::time::{Duration, Instant};

use crate::Fault;

/// Repetitions of the whole comparison; the median ratio counts.
pub const REPEATS: usize = 5;
/// Turns of each program in one comparison.
const TURNS: usize = 21;
/// One turn runs a program about so long, so that the clock's own cost does not show.
const TURN: Duration = Duration::from_millis(2);

/// Something whose time is taken.
pub type Program<'p> = Box<dyn FnMut() -> Result<(), Fault> + 'p>;

/// Which time is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Of this thread on a processor, of many calls together.
    Processor,
    /// The same, call by call, of so many calls in each comparison.
    ProcessorOnce(usize),
    /// On the wall, call by call, of so many calls in each comparison: for what waits for the disk.
    Wall(usize),
}

/// What came of a comparison.
#[derive(Debug, Clone)]
pub struct Compared {
    /// One call of each program, median.
    pub calls: Vec<Duration>,
    /// How many times the first program's call each program's call is; the median of the comparisons.
    pub ratios: Vec<f64>,
}

/// Time of this thread on a processor.
pub fn on_processor() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Runs programs in turns and compares each with the first.
pub fn compare(programs: &mut [Program<'_>], time: Time) -> Result<Compared, Fault> {
    let calls =
        programs.iter_mut().map(|program| calls_in_a_turn(program, time)).collect::<Result<Vec<_>, _>>()?;
    let turns = match time {
        Time::Processor => TURNS,
        Time::ProcessorOnce(turns) | Time::Wall(turns) => turns,
    };
    let mut found: Vec<Vec<Duration>> = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let mut taken = vec![Vec::with_capacity(turns); programs.len()];
        for _ in 0..turns {
            for ((program, calls), taken) in programs.iter_mut().zip(&calls).zip(&mut taken) {
                taken.push(turn(program, *calls, time)?);
            }
        }
        found.push(taken.into_iter().map(median).collect());
    }
    let of_each = |of: &dyn Fn(&[Duration], usize) -> f64, program| {
        middle(found.iter().map(|medians| of(medians, program)).collect())
    };
    let seconds = |medians: &[Duration], program: usize| medians[program].as_secs_f64();
    let ratio = |medians: &[Duration], program: usize| seconds(medians, program) / seconds(medians, 0);
    Ok(Compared {
        calls: (0..programs.len()).map(|i| Duration::from_secs_f64(of_each(&seconds, i))).collect(),
        ratios: (0..programs.len()).map(|i| of_each(&ratio, i)).collect(),
    })
}

/// Warms a program up and says how many of its calls fill a turn.
fn calls_in_a_turn(program: &mut Program<'_>, time: Time) -> Result<u32, Fault> {
    if time != Time::Processor {
        return Ok(1);
    }
    turn(program, 3, time)?;
    let one = turn(program, 3, time)?;
    let calls = TURN.as_nanos() / one.as_nanos().max(1);
    Ok(u32::try_from(calls).unwrap_or(u32::MAX).clamp(1, 10_000))
}

/// One call of a program, taken from so many.
fn turn(program: &mut Program<'_>, calls: u32, time: Time) -> Result<Duration, Fault> {
    let start = (Instant::now(), on_processor());
    for _ in 0..calls {
        program()?;
    }
    Ok(match time {
        Time::Processor | Time::ProcessorOnce(_) => on_processor() - start.1,
        Time::Wall(_) => start.0.elapsed(),
    } / calls)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
