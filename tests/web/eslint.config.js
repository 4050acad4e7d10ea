// What the linter holds of the page's scripts and of their tests.
import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {rules: {
    'max-len': ['error', 120],
    'no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
    'no-use-before-define': ['error', {functions: false, variables: false}],
  }},
  {files: ['**/web/*.js'], languageOptions: {globals: globals.browser}},
  {files: ['**/web/head.js'], languageOptions: {sourceType: 'script'}},
  {files: ['**/*.test.js'], languageOptions: {globals: globals.node}},
];
