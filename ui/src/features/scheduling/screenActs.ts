// What a person can ask for with an appointment; the drawer, the keys and the palette ask for the same things.
export type Act =
  | "confirm" | "check_in" | "take_to_room" | "complete" | "move" | "cancel" | "no_show" | "step_back" | "open_patient";
