#!/usr/bin/env node
import 'reflect-metadata'
import { runProgram } from './cli/program'

void runProgram(process.argv.slice(2)).then((code) => process.exit(code))
