//! The first start, and what is wrong with the place where it happens.

use super::desk::at_a_desk;

#[test]
fn the_first_start_asks_where_the_key_shall_live() {
    at_a_desk(
        |_| (),
        |desk| async move {
            desk.until_shown("This computer has no keystore").await;
            desk.picture("01-first-start").await;
            assert!(desk.data().join("logs").exists());
        },
    );
}
