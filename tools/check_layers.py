#!/usr/bin/env python3
"""Holds the order of the layers: a folder of deltarule/ includes only itself and folders above it.

The order is that of the deltarule_folder(NAME lines in deltarule/CMakeLists.txt, and stands nowhere
else. app/ may include everything; deltarule/ never includes app/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"(?:deltarule/(\w+)/|(app)/)', re.MULTILINE)


def layer_order(cmake_text):
    return re.findall(r'^deltarule_folder\((\w+)', cmake_text, re.MULTILINE)


def violations(order, folder, text):
    """What a file of `folder` with this text includes and must not."""
    if folder not in order:
        return [f'folder {folder} has no deltarule_folder line in deltarule/CMakeLists.txt']
    found = []
    for match in INCLUDE.finditer(text):
        target = match[1] or match[2]
        if target not in order[:order.index(folder) + 1]:
            line = text.count('\n', 0, match.start(match.lastindex)) + 1
            found.append(f'line {line}: {folder} may not include {target}')
    return found


def main():
    order = layer_order((ROOT / 'deltarule/CMakeLists.txt').read_text())
    if not order:
        sys.exit('check_layers: deltarule/CMakeLists.txt has no deltarule_folder lines')
    bad = 0
    for path in sorted((ROOT / 'deltarule').rglob('*')):
        if path.suffix in ('.h', '.cc'):
            name = path.relative_to(ROOT)
            for message in violations(order, name.parts[1], path.read_text()):
                print(f'{name}: {message}')
                bad += 1
    if bad:
        sys.exit(f'check_layers: the order is {" ".join(order)}; each may include itself and those before it')


if __name__ == '__main__':
    main()
