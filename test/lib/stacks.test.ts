import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ConfigError, Keyturn, MemberRole } from '../../lib/index.ts';
import { emptyApp, makeApp, synth } from './synth.ts';

describe('the member template', () => {
  const { app, member } = makeApp();

  test('has no assets, no parameters and asks for no bootstrap, so that a StackSet can deploy it', () => {
    const template = app.synth().getStackByName(member.stackName).template;
    expect(Object.keys(template).sort()).toEqual(['Description', 'Resources']);
    const types = Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type);
    expect(types.sort()).toEqual(['AWS::IAM::Policy', 'AWS::IAM::Role']);
  });

  test('is small enough to be inlined', () => {
    expect(JSON.stringify(Template.fromStack(member).toJSON()).length).toBeLessThan(51_200);
  });

  test('is deployed after the role that it trusts exists', () => {
    const { hub, member: later } = makeApp();
    expect(later.dependencies).toContain(hub);
  });
});

describe('stacks', () => {
  test('are named by their prefix', () => {
    const { hub, member } = makeApp({ stackName: 'Keys' });
    expect([hub.stackName, member.stackName]).toEqual(['KeysHub', 'KeysMember']);
  });

  test('go where the settings say, else where the credentials lead', () => {
    const { hub, member } = makeApp({ account: '444455556666', region: 'us-east-2' });
    expect([hub.environment, member.environment]).toEqual(Array(2).fill('aws://444455556666/us-east-2'));
    expect(makeApp().hub.environment).toBe('aws://111122223333/eu-west-1');
  });

  test('carry the tags on their resources', () => {
    const { hub, member } = synth({ tags: { team: 'platform' } });
    const tags = Match.arrayWith([{ Key: 'team', Value: 'platform' }]);
    hub.allResourcesProperties('AWS::DynamoDB::Table', { Tags: tags });
    member.allResourcesProperties('AWS::IAM::Role', { Tags: tags });
  });

  test.each([
    ['China', 'cn-north-1', 'aws-cn'],
    ['GovCloud', 'us-gov-west-1', 'aws-us-gov'],
  ])('name only resources of their partition in %s', (_, region, partition) => {
    const { hub, member } = synth({ region });
    const text = JSON.stringify([hub.toJSON(), member.toJSON()]);
    expect(text).not.toContain('arn:aws:');
    expect(text).toContain(`arn:${partition}:iam::`);
  });

  test('leave partition, account and Region to the deployment when nobody knows them', () => {
    const { hub, member } = synth({}, { current: {} });
    const text = JSON.stringify([hub.toJSON(), member.toJSON()]);
    expect(text).not.toContain('arn:aws:');
    expect(text).toContain('{"Ref":"AWS::Partition"}');
  });
});

describe('operators', () => {
  const warning = Match.stringLikeRegexp("nobody is subscribed to the operators' topic");

  test('are subscribed by e-mail', () => {
    const { hub } = synth({ notices: { operators: { emails: ['platform@example.com'] } } });
    hub.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'platform@example.com' });
  });

  test('are missed when there are none', () => {
    Annotations.fromStack(makeApp().hub).hasWarning('/KeyturnHub/Keyturn/Topics', warning);
    const reachable = makeApp({ notices: { operators: { emails: ['platform@example.com'] } } });
    Annotations.fromStack(reachable.hub).hasNoWarning('/KeyturnHub/Keyturn/Topics', warning);
  });

  test('may have a topic of their own', () => {
    const topicArn = 'arn:aws:sns:eu-west-1:111122223333:platform';
    const { hub } = synth({ notices: { operators: { topicArn } } });
    hub.resourceCountIs('AWS::SNS::Topic', 1);
    hub.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topicArn] });
  });
});

describe('topics', () => {
  test('refuse unencrypted connections', () => {
    const { hub } = synth();
    hub.resourceCountIs('AWS::SNS::Topic', 2);
    hub.resourceCountIs('AWS::SNS::TopicPolicy', 2);
    hub.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });
});

describe('the construct in an app of its own', () => {
  const ownStack = () => new Stack(emptyApp(), 'Own');

  test('needs no props', () => {
    const stack = ownStack();
    const keyturn = new Keyturn(stack, 'Keyturn');
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 5);
    expect(keyturn.node.path).toBe('Own/Keyturn');
  });

  test('comes with the member role that agrees with it', () => {
    const stack = ownStack();
    const keyturn = new Keyturn(stack, 'Keyturn', { access: { workerRoleName: 'W', externalId: 'shared-word' } });
    new MemberRole(stack, 'Member', keyturn.member).node.addDependency(keyturn);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'KeyturnMember',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { AWS: { 'Fn::Join': ['', Match.arrayWith([':role/W'])] } },
            Condition: { StringEquals: { 'sts:ExternalId': 'shared-word' } },
          }),
        ],
      },
    });
  });

  test('refuses props that can not work', () => {
    expect(() => new Keyturn(ownStack(), 'Keyturn', { policy: { disableAfterDays: 80 } })).toThrow(ConfigError);
  });
});
