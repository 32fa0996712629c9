//! 走访 and 专项: what is due, and how far campaigns are.

super::commands! {
    get_round(GetRound);
    list_campaigns(ListCampaigns);
    get_campaign(GetCampaign);
    get_answers(GetAnswers);
    list_missing(ListMissing);
    list_countable(ListCountable);
}
