//! Medians and the like.

/// The value below which this share of all lies.
pub fn share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list"
    )]
    let place = (last as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

/// The value in the middle.
pub fn median(values: &[f64]) -> f64 {
    share(values, 0.5)
}

/// Median and range in words.
pub fn spread(values: &[f64]) -> String {
    format!("{:.0} ({:.0} to {:.0})", median(values), share(values, 0.0), share(values, 1.0))
}
