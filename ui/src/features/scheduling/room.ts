// A room that is only a number is called by its kind, too: "8" is "Room 8".
import { t } from "$lib/i18n";

export const roomWords = (room: string): string => (/^\d+$/.test(room) ? t("grid.room", { room }) : room);
