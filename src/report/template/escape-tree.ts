import Handlebars from 'handlebars';

/** A fault in a template. `line` as in the file. */
export class TemplateFault extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Goes through a parsed template and makes escaping impossible to forget: `{{{raw}}}` and `{{&raw}}` are refused, and
 * where `escaper` is given each plain `{{value}}` becomes `{{<escaper> value}}`. Decorators are refused too: they may
 * rewrite what a template does. Each call of a known function is told its line (`line=`), for its errors.
 */
export function escapeTree(program: hbs.AST.Program, known: ReadonlySet<string>, escaper?: string): hbs.AST.Program {
  const visitor = new (class extends Handlebars.Visitor {
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      if (!mustache.escaped) {
        throw new TemplateFault('{{{ }}} and {{& }} place text unescaped; write {{ }}.', mustache.loc.start.line);
      }
      const path = mustache.path as hbs.AST.PathExpression;
      // A function places what it is given: its name alone is a value of the view that is called the same.
      if (!known.has(path.original) || (escaper !== undefined && mustache.params.length === 0)) {
        if (escaper === undefined) return;
        if (mustache.params.length > 0) {
          throw new TemplateFault(`"${path.original}" is no known function.`, mustache.loc.start.line);
        }
        mustache.params = [path];
        mustache.path = {
          ...path,
          data: false,
          depth: 0,
          parts: [escaper],
          original: escaper,
        } as hbs.AST.PathExpression;
      }
      tellLine(mustache);
    }

    override BlockStatement(block: hbs.AST.BlockStatement): void {
      tellLine(block);
      super.BlockStatement(block);
    }

    override Decorator(decorator: hbs.AST.Decorator): void {
      throw new TemplateFault('Decorators are not allowed.', decorator.loc.start.line);
    }

    override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
      throw new TemplateFault('Decorators are not allowed.', decorator.loc.start.line);
    }
  })();
  visitor.accept(program);
  return program;
}

function tellLine(call: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): void {
  const { loc } = call;
  const value = { type: 'NumberLiteral', value: loc.start.line, original: loc.start.line, loc };
  const pair = { type: 'HashPair', key: 'line', value, loc } as hbs.AST.HashPair;
  // Handlebars leaves the hash out where there is none, whatever its types say.
  const pairs = (call.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
  call.hash = { type: 'Hash', pairs: [...pairs, pair], loc };
}
