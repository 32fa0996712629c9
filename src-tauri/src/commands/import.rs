//! 导入: the register of a community, taken over from a table.

super::commands! {
    put_import_chunk(PutImportChunk);
    preview_import(PreviewImport);
    list_import_mistakes(ListImportMistakes);
    run_import(RunImport);
    get_import_progress(GetImportProgress);
    save_import_mistakes(SaveImportMistakes);
    drop_import(DropImport);
}
