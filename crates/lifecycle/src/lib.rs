//! What a cluster needs next: a pure planner over spec and observation.
