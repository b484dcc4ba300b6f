import type { ReportModel, ReportTable } from '../domain/report/model.ts';
import {
  type Cell,
  type Column,
  controlColumns,
  exemptionColumns,
  keyColumns,
  lateColumns,
  policyColumns,
  rotationColumns,
  runColumns,
} from './columns.ts';

/** One table of the report, whatever its rows are. */
export interface ShownTable {
  readonly id: ReportTable;
  readonly title: string;
  /** What a row is, in a sentence. */
  readonly caption: string;
  readonly columns: readonly Omit<Column<never>, 'cell'>[];
  readonly size: number;
  readonly rows: () => Iterable<readonly Cell[]>;
}

function shown<Row>(
  id: ReportTable,
  title: string,
  caption: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): ShownTable {
  return {
    id,
    title,
    caption,
    columns,
    size: rows.length,
    *rows() {
      for (const row of rows) yield columns.map(({ cell }) => cell(row));
    },
  };
}

/** A table of the report as people and spreadsheets see it. */
export function tableOf(model: ReportModel, id: ReportTable): ShownTable {
  switch (id) {
    case 'controls':
      return shown(id, 'Controls', 'One question and its answer', model.controls, controlColumns);
    case 'keys':
      return shown(id, 'Keys', 'Every key that was there at the end of the period', model.keys, keyColumns);
    case 'rotations':
      return shown(
        id,
        'Rotations',
        'Every key whose replacement, disabling or deletion fell into the period, and who had been told',
        model.rotations,
        rotationColumns,
      );
    case 'exemptions':
      return shown(id, 'Exemptions', 'Every exemption that held in the period', model.exemptions, exemptionColumns);
    case 'runs':
      return shown(id, 'Runs', 'Every run of the period, with the accounts that it missed', model.runs, runColumns);
    case 'late-steps':
      return shown(
        id,
        'Late steps',
        'Every step that was taken more than two days after its date, or still had to be',
        model.lateSteps,
        lateColumns,
      );
    case 'policies':
      return shown(id, 'Policies', 'Every policy in force, by what sweeps recorded', model.policies, policyColumns);
    default:
      return id satisfies never;
  }
}
