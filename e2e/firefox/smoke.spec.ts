import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectedSquares, probe, probeInWorker } from '../probe.ts';
import { type FirefoxSession, launchFirefox } from './browser.ts';

let server: Server;
let firefox: FirefoxSession;
let page: Page;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Empty</title></html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  firefox = await launchFirefox();
  page = await firefox.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await firefox?.close();
  server?.close();
});

test('WebGPU computes in a page of this Firefox, with shader-f16', async () => {
  const result = await page.evaluate(probe);
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
  expect(result.features).toContain('shader-f16');
});

test('WebGPU computes in a dedicated worker of this Firefox', async () => {
  const result = await page.evaluate(probeInWorker, probe.toString());
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
});
