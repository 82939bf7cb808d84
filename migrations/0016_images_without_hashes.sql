-- The image of an account from before a change kept the hash of its password, and so the store kept one of every password
-- that somebody ever had. No image keeps one any more.
UPDATE undo SET pre = json_remove(pre, '$.password_hash') WHERE noun = 'account' AND pre IS NOT NULL;
