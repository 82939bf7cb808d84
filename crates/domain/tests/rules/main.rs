//! The rules of booking against an oracle that looks at one minute after the other, over random templates, dated
//! changes, bookings and days on which the clocks move (AP-2, AP-3, FD-4).
//!
//! The oracle shares no code with the rules but the types: it has no masks, no ticks and no order of evaluation to share
//! a mistake with.

#[cfg(test)]
mod examples;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod world;
