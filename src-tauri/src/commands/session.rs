//! Enrolment, settings, and what 我的 shows.

super::commands! {
    get_session(GetSession);
    enrol_device(EnrolDevice);
    save_settings(SaveSettings);
    dismiss_set_aside(DismissSetAside);
    get_about(GetAbout);
}
