// `npm run bench`
console.log('no benches yet')
