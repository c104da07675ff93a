"""What companions share: their form, splits by person, rivals, intervals, how they are judged."""
