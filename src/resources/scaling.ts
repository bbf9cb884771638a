import { scalingCounts } from './aws/scaling.ts';

/** Whether an attribute is a count that is raised to carry load. */
export function isScalingCount(type: string, path: string): boolean {
  const places = Object.hasOwn(scalingCounts, type) ? (scalingCounts[type] ?? []) : [];
  const place = path.replace(/\[[^\]]*\]/g, '');
  return places.some((one) => place === one || place.startsWith(`${one}.`));
}
