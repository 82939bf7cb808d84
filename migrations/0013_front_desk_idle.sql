-- A desk where the front desk works locks itself sooner (security policy, SP 800-63B-4 section 2.2.3).
ALTER TABLE security_policy ADD COLUMN idle_minutes_front_desk INTEGER NOT NULL DEFAULT 5;
