//! 表单: which there are, filling one, and what was filled in.

super::commands! {
    list_forms(ListForms);
    open_form(OpenForm);
    answer_form(AnswerForm);
    add_to_form(AddToForm);
    remove_from_form(RemoveFromForm);
    set_form(SetForm);
    find_choices(FindChoices);
    finish_form(FinishForm);
    file_unchanged(FileUnchanged);
    discard_form(DiscardForm);
    restore_form(RestoreForm);
    list_records(ListRecords);
    get_record(GetRecord);
    erase(Erase);
    get_erased(GetErased);
    export_file(ExportFile);
    put_form_chunk(PutFormChunk);
    publish_form(PublishForm);
    drop_form(DropForm);
}
