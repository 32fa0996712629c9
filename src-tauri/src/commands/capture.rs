//! 今日 and 上报: drafts, photos, places, categories, sending.

super::commands! {
    get_today(GetToday);
    get_catalogue(GetCatalogue);
    open_draft(OpenDraft);
    save_draft(SaveDraft);
    discard_draft(DiscardDraft);
    restore_draft(RestoreDraft);
    put_photo_chunk(PutPhotoChunk);
    resolve_place(ResolvePlace);
    find_addresses(FindAddresses);
    find_similar(FindSimilar);
    report_draft(ReportDraft);
    add_draft_to_case(AddDraftToCase);
}
