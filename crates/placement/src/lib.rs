//! Pure replica placement, drain and spread plans.
