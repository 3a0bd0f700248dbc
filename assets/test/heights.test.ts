import { expect, test, vi } from 'vitest';
import { Heights } from '../src/model/heights';

const rows = (keys: string): { key: string; guess: number }[] => [...keys].map((key) => ({ key, guess: 10 }));

test('sums measured and estimated heights', () => {
  const heights = new Heights();
  heights.setRows(rows('abc'));
  expect([heights.top(0), heights.top(2), heights.total]).toEqual([0, 20, 30]);
  heights.measure('b', 50);
  heights.measure('b', 50.2); // a rounding difference
  expect([heights.top(2), heights.total]).toEqual([60, 70]);
  expect([-5, 0, 9, 10, 59, 60, 999].map((y) => heights.indexAt(y))).toEqual([0, 0, 0, 1, 1, 2, 2]);
});

test('keeps heights when rows are inserted', () => {
  const heights = new Heights();
  heights.setRows(rows('bc'));
  heights.measure('b', 50);
  heights.setRows(rows('xyabc'));
  expect([heights.indexOf('b'), heights.top(3), heights.top(4)]).toEqual([3, 30, 80]);
  heights.forget();
  expect(heights.total).toBe(50);
});

test('accepts no rows', () => {
  const heights = new Heights();
  heights.setRows([]);
  expect([heights.total, heights.indexAt(5), heights.indexOf('a')]).toEqual([0, 0, undefined]);
});

test('skips work for the same rows', () => {
  const heights = new Heights();
  const same = rows('abc');
  heights.setRows(same);
  const map = vi.spyOn(same, 'map');
  heights.setRows(same);
  expect(map).not.toHaveBeenCalled();
});
