// The doctors as something to choose from.
import { backend } from "$lib/backend/backend";
import { complain } from "$lib/toast/acted";

/** Active doctors by name, for a list of choices; empty when they cannot be read, which is said. */
export async function doctorChoices(): Promise<{ value: string; label: string }[]> {
  const paging = { page: 0, size: 200, sort: "name", descending: false };
  try {
    const { rows } = await backend().listDoctors({ query: "", specialty_id: null, with_inactive: false, paging });
    return rows.map(({ id, name }) => ({ value: id, label: name }));
  } catch (thrown) {
    complain(thrown);
    return [];
  }
}
