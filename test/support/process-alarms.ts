/** What a process says when something was forgotten, while `run` ran. */
export async function processAlarms(run: () => Promise<void>): Promise<unknown[]> {
  const alarms: unknown[] = [];
  const note = (alarm: unknown) => alarms.push(alarm);
  const names = ["warning", "unhandledRejection", "uncaughtException"] as const;
  for (const name of names) process.on(name, note);
  try {
    await run();
    // Rejections and warnings are told after the turn that caused them.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const name of names) process.off(name, note);
  }
  return alarms;
}
