//! Three-valued logic (Kleene): an unknown stays unknown, whatever is done with it.

/// Whether a claim holds. The order is what makes `and` a minimum and `or` a maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It is unknown.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Every one holds; unknown for an empty list, which is therefore never a pass.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().reduce(Self::and).unwrap_or(Self::Unknown)
    }

    /// At least one of them holds; unknown for an empty list.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().reduce(Self::or).unwrap_or(Self::Unknown)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::{
        Truth,
        Truth::{False, True, Unknown},
    };

    fn truth() -> impl Strategy<Value = Truth> {
        prop_oneof![Just(False), Just(Unknown), Just(True)]
    }

    #[rstest]
    #[case(True, Unknown, Unknown, True)]
    #[case(False, Unknown, False, Unknown)]
    #[case(Unknown, Unknown, Unknown, Unknown)]
    #[case(True, False, False, True)]
    fn tables(#[case] a: Truth, #[case] b: Truth, #[case] and: Truth, #[case] or: Truth) {
        assert_eq!((a.and(b), a.or(b)), (and, or));
    }

    #[test]
    fn an_empty_list_is_unknown() {
        assert_eq!((Truth::all([]), Truth::any([])), (Unknown, Unknown));
    }

    proptest! {
        #[test]
        fn de_morgan(a in truth(), b in truth()) {
            prop_assert_eq!(!a.and(b), (!a).or(!b));
            prop_assert_eq!(!a.or(b), (!a).and(!b));
            prop_assert_eq!(!!a, a);
        }

        #[test]
        fn associative_commutative_distributive(a in truth(), b in truth(), c in truth()) {
            prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            prop_assert_eq!(a.or(b).or(c), a.or(b.or(c)));
            prop_assert_eq!(a.and(b), b.and(a));
            prop_assert_eq!(a.or(b), b.or(a));
            prop_assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
        }

        // Knowing less about a part never flips the result for the whole.
        #[test]
        fn knowing_less_never_flips(a in truth(), b in truth()) {
            for (knows, less) in [(a.and(b), Unknown.and(b)), (a.or(b), Unknown.or(b)), (!a, !Unknown)] {
                prop_assert!(less == knows || less == Unknown);
            }
        }
    }
}
