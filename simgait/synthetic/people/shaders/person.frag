#version 330
uniform vec3 sun, light, eye;
uniform float ambient, darkness;
uniform bool shadow;
in vec3 at, facing, at_rest;
in vec4 painted;
out vec4 colour;
NOISE

void main() {
    if (shadow) {
        colour = vec4(0.0, 0.0, 0.0, darkness);
        return;
    }
    vec3 n = normalize(facing);
    float cloth = step(0.3, painted.w);
    vec3 folds = vec3(grain(16.0 * at_rest), grain(16.0 * at_rest + 7.0), grain(16.0 * at_rest + 13.0));
    n = normalize(n + 0.4 * cloth * (folds - 0.5));
    float texture = 1.0 + painted.w * (grain(vec3(50.0, 50.0, 15.0) * at_rest) - 0.5);
    vec3 half_way = normalize(sun + normalize(eye - at));
    float gloss = mix(0.10, 0.02, cloth) * pow(max(dot(n, half_way), 0.0), 24.0);
    float shade = ambient * (0.65 + 0.35 * n.z) * mix(0.6, 1.0, smoothstep(0.0, 0.5, at.z));
    vec3 lit = shade + light * max(dot(n, sun), 0.0);
    colour = vec4(shown(painted.rgb * texture * lit + gloss * light), 1.0);
}
