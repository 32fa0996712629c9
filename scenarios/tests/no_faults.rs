//! What people use can't be told to fail: in a build of the whole workspace nobody may have turned
//! the faults on for all, which a dependency with the feature would do.
#![cfg(not(feature = "faults"))]

#[test]
fn an_ordinary_build_can_not_be_told_to_fail() {
    let on = std::hint::black_box(fault::ON);

    assert!(!on, "the feature `on` of `fault` came in by another crate");
}
