/** An answer, or an error when it takes longer; whoever works on it is not told. */
export function within<T>(millis: number, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${millis} ms`)), millis)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
