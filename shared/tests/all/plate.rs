//! Door plates: what is printed is what is read.

use proptest::prelude::*;
use shared::{EntryId, plate::Plate};

proptest! {
    #[test]
    fn whatever_a_dwelling_is_its_plate_leads_back_to_it(
        id in any::<[u8; 16]>(),
        code in "\\PC{0,60}|[0-9]{15}|https?://[a-z.]{4,20}/[0-9]{8,20}",
    ) {
        let dwelling = EntryId::from_bytes(id);

        let plate = Plate::of(dwelling, &code);
        let read = plate.to_string().parse::<Plate>();

        prop_assert_eq!(read, Ok(plate.clone()), "what is printed is what is read");
        if let Plate::Ours(meant) = plate {
            prop_assert_eq!(meant, dwelling, "and no plate leads to another door");
        }
    }

    #[test]
    fn no_text_is_two_plates_and_each_dwelling_is_written_in_one_way(
        text in "\\PC{0,80}|[gG][rR]IDWALKER:DOOR/[A-Za-z0-9]{24,28}",
    ) {
        if let Ok(Plate::Ours(dwelling)) = text.parse() {
            let written = Plate::Ours(dwelling).to_string();
            prop_assert!(written.eq_ignore_ascii_case(text.trim()));
        }
    }
}
