import Handlebars from 'handlebars';

/** A fault in a template that is found before anything is rendered. `line` as in the file. */
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
 * rewrite what a template does.
 */
export function escapeTree(program: hbs.AST.Program, known: ReadonlySet<string>, escaper?: string): hbs.AST.Program {
  const visitor = new (class extends Handlebars.Visitor {
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      if (!mustache.escaped) {
        throw new TemplateFault('{{{ }}} and {{& }} place text unescaped; write {{ }}.', mustache.loc.start.line);
      }
      const path = mustache.path as hbs.AST.PathExpression;
      if (escaper === undefined || known.has(path.original)) return;
      if (mustache.params.length > 0) {
        throw new TemplateFault(`"${path.original}" is no known function.`, mustache.loc.start.line);
      }
      mustache.params = [path];
      mustache.path = { ...path, data: false, depth: 0, parts: [escaper], original: escaper } as hbs.AST.PathExpression;
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
