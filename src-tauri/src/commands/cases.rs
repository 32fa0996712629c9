//! 案件: the list, one case, and what can be done with it.

super::commands! {
    list_cases(ListCases);
    get_case(GetCase);
    get_history(GetHistory);
    supplement_case(SupplementCase);
    withdraw_case(WithdrawCase);
    self_handle_case(SelfHandleCase);
    register_case(RegisterCase);
    reject_case(RejectCase);
    acknowledge_case(AcknowledgeCase);
    amend_case(AmendCase);
    merge_case(MergeCase);
    split_case(SplitCase);
    find_alike(FindAlike);
    delete_case(DeleteCase);
    restore_case(RestoreCase);
    list_conflicts(ListConflicts);
}
