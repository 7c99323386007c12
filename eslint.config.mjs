import eslint from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import awscdk from 'eslint-plugin-awscdk';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Rooms that build on `private`, `lifecycle` and `repository`, and never on each other. */
const SIDE_ROOMS = ['access', 'cache', 'checks', 'network', 'registry', 'scanning'];

/** The rooms of `private`, each of which builds on those before it. */
const PRIVATE_ROOMS = ['core', 'input', 'ecr', 'policy', 'ownership', 'grants'];

const mayImport = (room, others) => ({
  target: `./lib/${room}`,
  from: './lib',
  except: [room, ...others].map(name => `./${name}`),
  message: `'lib/${room}' may import ${others.length > 0 ? others.map(name => `'lib/${name}'`).join(', ') : 'no other room'}: see CONTRIBUTING.md`,
});

/** Rules for every file. */
const STYLE = {
  '@stylistic/array-bracket-spacing': 'error',
  '@stylistic/arrow-parens': ['error', 'as-needed'],
  '@stylistic/arrow-spacing': 'error',
  '@stylistic/block-spacing': 'error',
  '@stylistic/brace-style': 'error',
  '@stylistic/comma-dangle': ['error', 'always-multiline'],
  '@stylistic/comma-spacing': 'error',
  '@stylistic/eol-last': 'error',
  '@stylistic/indent': ['error', 2],
  '@stylistic/key-spacing': 'error',
  '@stylistic/keyword-spacing': 'error',
  '@stylistic/lines-between-class-members': ['error', 'always', { exceptAfterSingleLine: true }],
  '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  '@stylistic/no-multi-spaces': 'error',
  '@stylistic/no-multiple-empty-lines': ['error', { max: 1, maxBOF: 0, maxEOF: 0 }],
  '@stylistic/no-trailing-spaces': 'error',
  '@stylistic/object-curly-spacing': ['error', 'always'],
  '@stylistic/quote-props': ['error', 'consistent-as-needed'],
  '@stylistic/quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: 'avoidEscape' }],
  '@stylistic/semi': 'error',
  '@stylistic/space-before-blocks': 'error',
  '@stylistic/space-infix-ops': 'error',
  'curly': 'error',
  'eqeqeq': 'error',
  'import-x/no-cycle': 'error',
  'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
  'import-x/no-relative-packages': 'error',
  'import-x/order': ['error', {
    'groups': ['builtin', 'external', ['parent', 'sibling', 'index']],
    'pathGroups': [{ pattern: 'cdk-secure-ecr', group: 'external' }],
    'pathGroupsExcludedImportTypes': [],
    'alphabetize': { order: 'asc', caseInsensitive: true },
    'newlines-between': 'never',
  }],
  'no-bitwise': 'error',
  'object-shorthand': ['error', 'always', { avoidQuotes: true }],
  'prefer-const': 'error',
};

export default defineConfig([
  globalIgnores(['build/', 'coverage/', 'dist/', 'cli/build/', 'cli/dist/', 'site/.vitepress/dist/', 'site/.vitepress/cache/', 'site/pages/', 'cdk.out/', '**/*.d.ts', '.venv/', '**/.tools/']),
  {
    files: ['**/*.ts'],
    extends: [
      eslint.configs.recommended,
      ...tseslint.configs.recommendedTypeChecked,
      awscdk.configs.recommended,
    ],
    plugins: { '@stylistic': stylistic, 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
    },
    rules: {
      // awslint holds constructors to (scope, id, props = {}); this rule does not know default values.
      'awscdk/construct-constructor-property': 'off',
      // It takes the scope of a static factory for a forgotten 'this'.
      'awscdk/require-passing-this': 'off',
      ...STYLE,
      '@stylistic/member-delimiter-style': 'error',
      '@stylistic/type-annotation-spacing': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-shadow': 'error',
    },
  },
  {
    // Scripts and configurations that run as they are.
    files: ['**/*.{js,mjs,cjs}'],
    extends: [eslint.configs.recommended],
    plugins: { '@stylistic': stylistic, 'import-x': importX },
    languageOptions: { globals: Object.fromEntries(['Buffer', 'URL', '__dirname', 'console', 'exports', 'module', 'process', 'require'].map(name => [name, 'readonly'])) },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
    rules: { ...STYLE, 'no-shadow': 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }] },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-member-accessibility': ['error', { accessibility: 'explicit', overrides: { constructors: 'no-public' } }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/member-ordering': ['error', {
        default: [
          'public-static-field',
          'public-static-method',
          'protected-static-field',
          'protected-static-method',
          'private-static-field',
          'private-static-method',
          'field',
          'constructor',
          ['public-get', 'public-set'],
          'public-method',
          ['protected-get', 'protected-set'],
          'protected-method',
          ['private-get', 'private-set'],
          'private-method',
        ],
      }],
      'awscdk/no-mutable-property-of-props-interface': 'error',
      'awscdk/no-mutable-public-property-of-construct': 'error',
      'awscdk/prefer-grants-property': 'error',
      'awscdk/props-name-convention': 'error',
      'awscdk/require-props-default-doc': 'error',
      'import-x/no-restricted-paths': ['error', {
        basePath: import.meta.dirname,
        zones: [
          mayImport('private', []),
          ...PRIVATE_ROOMS.map((room, index) => mayImport(`private/${room}`, PRIVATE_ROOMS.slice(0, index).map(name => `private/${name}`))),
          mayImport('lifecycle', ['private']),
          mayImport('repository', ['private', 'lifecycle']),
          ...SIDE_ROOMS.map(room => mayImport(room, ['private', 'lifecycle', 'repository'])),
        ],
      }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-imports': ['error', {
        paths: [{ name: 'cdk-secure-ecr', message: 'inside the library, import the file.' }],
        patterns: [{
          regex: '^aws-cdk-lib/core/lib/(?!prop-injectable$)',
          message: 'only the public modules of the CDK are stable.',
        }],
      }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'the same code gives the same template everywhere.' }],
      'no-restricted-syntax': ['error', {
        selector: 'Literal[value=/^arn:aws/], TemplateElement[value.raw=/^arn:aws/]',
        message: 'the partition is not always aws: use Stack.formatArn().',
      }, {
        selector: 'NewExpression[callee.name="Error"]',
        message: 'use failIfAny() of lib/private/core/errors.ts.',
      }, {
        selector: 'CatchClause',
        message: 'never catch: an error of the CDK is the error of the user.',
      }],
    },
  },
  {
    // What a stack has once is found again under a constant, which the rule takes for a variable.
    files: ['lib/private/**/*.ts', 'lib/repository/repository-key.ts'],
    rules: { 'awscdk/no-variable-construct-id': 'off' },
  },
  {
    // Generated: as long as the public API.
    files: ['lib/private/input/signatures.ts'],
    rules: { 'max-lines': 'off', '@stylistic/quote-props': ['error', 'as-needed'] },
  },
  {
    // JSON.parse has no other way to say that a text is not JSON.
    files: ['lib/private/core/json.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Load the modules of previews and forecasts with the first of them.
    files: ['lib/lifecycle/lifecycle-policy.ts', 'lib/lifecycle/policy-findings.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off', '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }] },
  },
  {
    files: ['bin/**/*.ts', 'examples/**/*.ts'],
    rules: {
      'awscdk/no-import-private': 'error',
      'no-restricted-imports': ['error', { patterns: [{ regex: '^\\.\\./(lib|build)', message: "import from 'cdk-secure-ecr', as users do." }] }],
    },
  },
  {
    // The command loads what it needs when it needs it, and reports an error of a file or of AWS in its own words.
    files: ['cli/src/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [{ regex: '^\\.\\./(\\.\\./)+(lib|build)', message: "import from 'cdk-secure-ecr', as users do." }] }],
    },
  },
  {
    files: ['test/**/*.ts', 'benchmark/**/*.ts', 'cli/test/**/*.ts', 'cli/benchmark/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'awscdk/no-construct-stack-suffix': 'off',
      'awscdk/no-parent-name-construct-id-match': 'off',
      'awscdk/no-variable-construct-id': 'off',
      'awscdk/pascal-case-construct-id': 'off',
      'awscdk/prefer-grants-property': 'off',
    },
  },
]);
