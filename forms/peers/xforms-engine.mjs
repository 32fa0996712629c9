// Does with @getodk/xforms-engine what it is told; the same lines as JavaRosa.java.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.env.GRIDWALKER_FORMS_MODULES}/`);
const { JSDOM } = require('jsdom');
const { window } = new JSDOM('');
for (const name of ['window', 'document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'XPathResult', 'Text', 'Attr', 'Comment']) {
	globalThis[name] = name === 'window' ? window : window[name];
}
// Its parser is WebAssembly from a compiler that takes Node for CommonJS.
globalThis.require = require;
globalThis.__dirname = `${process.env.GRIDWALKER_FORMS_MODULES}/@getodk/xforms-engine/dist`;
// What the library tells of itself is no answer.
console.warn = console.log = console.info = (...words) => console.error(...words);
const { loadForm } = await import(pathToFileURL(`${process.env.GRIDWALKER_FORMS_MODULES}/@getodk/xforms-engine/dist/index.js`));

let root;
let failed;

const open = async (path) => {
	const result = await loadForm(readFileSync(path, 'utf8'), {
		fetchFormAttachment: async () => new Response('', { status: 404 }),
		missingResourceBehavior: 'BLANK',
	});
	if (result.status === 'failure') throw result.error;
	root = result.createInstance().root;
};

const children = (node) => node.currentState.children ?? [];

// `/data/rep[2]/x`: the root, then names; a repeat is a range with its instances inside.
const find = (path) => {
	let at = root;
	for (const part of path.split('/').slice(2)) {
		const [, name, place] = /^([^[]+)(?:\[(\d+)\])?$/.exec(part);
		let next = children(at).find((child) => child.currentState.reference.split('/').at(-1).replace(/\[\d+\]$/, '') === name);
		if (next?.nodeType.startsWith('repeat-range') && place) next = children(next)[Number(place) - 1];
		if (next == null) throw new Error(`there is no ${path}`);
		at = next;
	}
	return at;
};

const set = (path, value) => {
	const node = find(path);
	switch (node.nodeType) {
		case 'select':
			return node.selectValues(value === '' ? [] : value.split(' '));
		case 'rank':
			return node.setValues(value === '' ? [] : value.split(' '));
		default:
			return node.setValue(value);
	}
};

const answer = async ([what, path, value]) => {
	try {
		if (what === 'form') {
			failed = undefined;
			await open(path);
		} else if (failed !== undefined) {
			return `!${failed}`;
		} else if (what === 'set') {
			set(path, value);
		} else if (what === 'add') {
			find(path).addInstances();
		} else if (what === 'get') {
			const node = find(path);
			return node.currentState.relevant ? String(node.currentState.instanceValue ?? '') : '';
		}
	} catch (error) {
		failed = String(error?.message ?? error).split('\n')[0].trim();
		return `!${failed}`;
	}
	return '';
};

const answers = [];
let began;
for await (const line of createInterface({ input: process.stdin })) {
	const cells = line.split('\t');
	if (cells[0] === 'begin') {
		began = process.hrtime.bigint();
	} else if (cells[0] === 'end') {
		answers.push(`${cells[1]}\t${process.hrtime.bigint() - began}`);
	} else {
		const said = await answer(cells);
		if (cells[0] === 'get') answers.push(said.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
	}
}
process.stdout.write(answers.map((said) => `${said}\n`).join(''));
