//! The picture that an authenticator app reads. Draws nothing: the interface does.

use clinic_domain::identity::secret::Secret;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Answer, AppError};

/// A text as an SVG path of dark modules of one unit each, and how many modules a side has.
///
/// # Errors
/// The text is longer than such a picture can hold, which no address of ours is.
pub(super) fn path(text: &Secret) -> Answer<(Secret, u32)> {
    let code = QrCode::encode_text(text.expose(), QrCodeEcc::Medium)
        .map_err(|fault| AppError::internal(&std::io::Error::other(fault.to_string())))?;
    let side = code.size();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let dark = (x..side).take_while(|&x| code.get_module(x, y)).count();
            if dark > 0 {
                path.push_str(&format!("M{x} {y}h{dark}v1h-{dark}z"));
            }
            x += i32::try_from(dark).unwrap_or(side) + 1;
        }
    }
    Ok((path.into(), side.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_corners_are_drawn() {
        let address = "otpauth://totp/Riverside:ADM12345678?secret=GEZDGNBVGY3TQOJQ";
        let (path, side) = path(&address.into()).unwrap();
        let path = path.expose();
        assert!(path.starts_with("M0 0h7v1h-7z"), "{path}");
        assert!(path.contains(&format!("M{} 0h7v1h-7z", side - 7)));
        assert!(path.contains(&format!("M0 {}h7v1h-7z", side - 1)));
    }
}
