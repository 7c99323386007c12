import type { IResolveContext } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { StatementJson } from './statement-json';

/**
 * A policy document as JSON.
 */
export interface PolicyJson {
  readonly Version?: unknown;
  readonly Id?: unknown;
  readonly Statement: StatementJson | readonly StatementJson[];
}

/**
 * A policy document that begins with an existing one, word for word. Statements that are added to it follow.
 *
 * @internal
 */
export class VerbatimPolicy extends iam.PolicyDocument {
  /**
   * The added statements. They are in the document itself too, which validates them.
   *
   * @internal
   */
  public readonly _added = new iam.PolicyDocument({ minimize: true });

  /**
   * @internal
   */
  public _existing?: PolicyJson;

  constructor(existing?: PolicyJson) {
    super();
    this._existing = existing;
  }

  public override get isEmpty(): boolean {
    return this._existing === undefined && super.isEmpty;
  }

  public override get statementCount(): number {
    return existingStatements(this).length + super.statementCount;
  }

  public override addStatements(...statement: iam.PolicyStatement[]): void {
    super.addStatements(...statement);
    if (statement.length > 0) { // the base class calls this method before there are fields
      this._added.addStatements(...statement);
    }
  }

  public override resolve(context: IResolveContext): unknown {
    return this._completed(context.resolve(this._added) as PolicyJson | undefined);
  }

  public override toJSON(): unknown {
    return this._completed(this._added.toJSON() as PolicyJson | undefined);
  }

  /**
   * @internal
   */
  private _completed(added: PolicyJson | undefined): PolicyJson | undefined {
    return this._existing === undefined || added === undefined
      ? this._existing ?? added
      : { ...this._existing, Statement: [...existingStatements(this), ...[added.Statement].flat()] };
  }
}

/**
 * The statements of the existing policy that a document begins with.
 */
export function existingStatements({ _existing: existing }: VerbatimPolicy): StatementJson[] {
  return existing === undefined ? [] : [existing.Statement].flat();
}
