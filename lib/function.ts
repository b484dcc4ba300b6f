import { execFileSync } from 'node:child_process';
import { extname, join } from 'node:path';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface KeyturnFunctionProps {
  /** File in `lambda/handlers`, without its ending; exports `handler`. */
  readonly handler: 'dispatch' | 'rotate-account' | 'notify' | 'deliver' | 'seal' | 'report';
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly logRetentionDays: RetentionDays;
  /** Name of its role, when others must be able to name it. */
  readonly roleName?: string;
  /** Texts, by the name of the variable that stands for each in the code, that the environment (4 KB) has no room for. */
  readonly builtIn?: Readonly<Record<string, string>>;
}

/** The one kind of Lambda function that Keyturn has. Its role begins with the right to write its own log, and no other. */
export class KeyturnFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: KeyturnFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays,
      // The evidence is in history; logs are for finding faults.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Keyturn: ${props.description}`,
      ...(props.roleName !== undefined && { roleName: props.roleName }),
    });
    super(scope, id, {
      code: bundled(props.handler, props.builtIn),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    logGroup.grantWrite(role);
  }
}

const handlers = join(import.meta.dirname, '..', 'lambda', 'handlers');
// TypeScript in the repository, JavaScript in the published package.
const bundler = join(import.meta.dirname, `bundle${extname(import.meta.filename)}`);

/**
 * The handler as one file, made by our own esbuild: NodejsFunction looks for one in the project that uses this package,
 * and for a lock file above it.
 */
const bundled = (handler: string, builtIn: KeyturnFunctionProps['builtIn'] = {}): Code =>
  Code.fromAsset(handlers, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling here either works or throws.
      image: DockerImage.fromRegistry('none'),
      // Unused, but CDK takes bundles of one folder with the same options for the same bundle.
      command: [handler, JSON.stringify(builtIn)],
      local: {
        tryBundle(outputDirectory) {
          const args = [bundler, handler, join(outputDirectory, 'index.js'), JSON.stringify(builtIn)];
          execFileSync(process.execPath, args, { stdio: 'inherit' });
          return true;
        },
      },
    },
  });
