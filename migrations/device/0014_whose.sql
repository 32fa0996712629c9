-- Whose a draft is: on a tablet that is handed on, nobody reads or sends what somebody else was writing.
-- It stays, and is there when its writer comes back. A device that nobody has any more shows all of them.

ALTER TABLE drafts ADD COLUMN whose TEXT; -- the person's id; NULL: nobody had enrolled
ALTER TABLE form_drafts ADD COLUMN whose TEXT; -- as above

CREATE VIEW at_work AS -- the id of whoever has the device now
    SELECT staff ->> '$.id' AS id FROM device;

UPDATE drafts SET whose = (SELECT id FROM at_work);
UPDATE form_drafts SET whose = (SELECT id FROM at_work);

CREATE VIEW own_drafts AS
    SELECT * FROM drafts WHERE ifnull(whose = (SELECT id FROM at_work), TRUE);

CREATE VIEW own_form_drafts AS
    SELECT * FROM form_drafts WHERE ifnull(whose = (SELECT id FROM at_work), TRUE);
